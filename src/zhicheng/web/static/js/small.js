// Small things: parts that follow an answer, copy to the clipboard, toasts, one more line, print, and a button that waits while its form is sent.
export function toast(text) {
  const place = document.querySelector("[data-toasts]");
  if (!place) return;
  const item = document.createElement("div");
  item.className = "toast";
  item.textContent = text;
  place.append(item);
  setTimeout(() => item.remove(), 6000);
}

async function copy(button) {
  try {
    await navigator.clipboard.writeText(button.dataset.copy);
    toast(`已复制 ${button.dataset.copy}`);
  } catch {
    toast(`请手动复制：${button.dataset.copy}`);
  }
}

function addLine(button) {
  const list = document.getElementById(button.dataset.repeatAdd);
  const lines = list.querySelectorAll("li");
  if (lines.length >= Number(list.dataset.atMost)) { toast(`最多 ${list.dataset.atMost} 项`); return; }
  const line = lines[lines.length - 1].cloneNode(true);
  const number = lines.length + 1;
  const input = line.querySelector("input");
  input.value = "";
  input.id = input.id.replace(/\d+$/, number);
  const label = line.querySelector("label");
  label.htmlFor = input.id;
  label.textContent = label.textContent.replace(/\d+$/, number);
  list.append(line);
  input.focus();
}

// A part that matters only for one answer: data-shown-when="name=value" follows the chosen radio button.
function followAnswers(root) {
  for (const part of root.querySelectorAll("[data-shown-when]")) {
    const [name, value] = part.dataset.shownWhen.split("=");
    const show = () => { part.hidden = part.closest("form").querySelector(`[name="${CSS.escape(name)}"]:checked`)?.value !== value; };
    part.closest("form").addEventListener("change", show);
    show();
  }
}

let listening = false;
export function start(root) {
  followAnswers(root);
  if (listening) return;
  listening = true;
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (!button) return;
    if (button.dataset.copy !== undefined) copy(button);
    else if (button.dataset.repeatAdd) addLine(button);
    else if (button.dataset.toastClose !== undefined) button.closest(".toast").remove();
    else if (button.dataset.print !== undefined) window.print();
  });
  document.addEventListener("submit", (event) => {
    if (event.defaultPrevented || !event.target.matches("[data-busy]")) return;
    const button = event.submitter;
    // Disabled only after the form data is taken, so that the pressed button's own value is sent.
    setTimeout(() => { if (button) { button.setAttribute("aria-busy", "true"); button.disabled = true; button.textContent = event.target.dataset.busy || "正在提交…"; } });
  });
  window.addEventListener("pageshow", (event) => { if (event.persisted) location.reload(); });
}
