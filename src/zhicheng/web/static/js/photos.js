// Photo field: preview, removal, a limit, and shrinking on the device before anything is sent.
const LONGEST_EDGE = 2000;
const QUALITY = 0.85;

async function shrink(file) {
  const picture = await createImageBitmap(file, { imageOrientation: "from-image" });
  const scale = Math.min(1, LONGEST_EDGE / Math.max(picture.width, picture.height));
  const canvas = document.createElement("canvas");
  canvas.width = Math.round(picture.width * scale);
  canvas.height = Math.round(picture.height * scale);
  canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
  if (!blob || blob.size >= file.size) return file;
  return new File([blob], file.name.replace(/\.\w+$/, "") + ".jpg", { type: "image/jpeg" });
}

function setUp(field) {
  const input = field.querySelector("input[type=file]");
  const list = field.querySelector("[data-photo-list]");
  const error = field.querySelector("[data-photo-error]");
  const limit = Number(field.dataset.limit);
  const maxBytes = Number(field.dataset.maxMb) * 1024 * 1024;
  let chosen = [];

  const complain = (text) => { error.textContent = text; error.hidden = !text; };

  const show = () => {
    for (const image of list.querySelectorAll("img")) URL.revokeObjectURL(image.src);
    list.replaceChildren(...chosen.map((file, index) => {
      const item = document.createElement("li");
      const figure = document.createElement("figure");
      figure.className = "photo";
      const image = document.createElement("img");
      image.alt = `第 ${index + 1} 张照片`;
      image.src = URL.createObjectURL(file);
      const remove = document.createElement("button");
      remove.type = "button";
      remove.textContent = "✕";
      remove.setAttribute("aria-label", `移除第 ${index + 1} 张照片`);
      remove.addEventListener("click", () => { chosen.splice(index, 1); keep(); input.focus(); });
      figure.append(image, remove);
      item.append(figure);
      return item;
    }));
  };

  const keep = () => {
    const files = new DataTransfer();
    for (const file of chosen) files.items.add(file);
    input.files = files.files;
    show();
  };

  input.addEventListener("change", async () => {
    complain("");
    const added = [...input.files].filter((file) => !chosen.includes(file));
    for (const file of added) {
      if (chosen.length >= limit) { complain(`最多 ${limit} 张，多出的没有加入。`); break; }
      try {
        const small = await shrink(file);
        if (small.size > maxBytes) { complain(`“${file.name}”太大，请换一张。`); continue; }
        chosen.push(small);
      } catch {
        complain(`“${file.name}”不是能打开的照片，请换一张。`);
      }
    }
    keep();
  });
}

export function start(root) {
  for (const field of root.querySelectorAll("[data-photos]")) {
    if (field.dataset.ready) continue;
    field.dataset.ready = "yes";
    setUp(field);
  }
}
