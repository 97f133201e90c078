// A long form one section at a time, with a check of everything before it is sent. Without this script the sections stand below each other.
function labelOf(section) {
  return section.dataset.step || section.querySelector("h2")?.textContent.trim() || "";
}

function problem(control) {
  if (control.type === "hidden" || control.disabled || control.closest("[hidden]")) return "";
  const empty = ["radio", "checkbox"].includes(control.type)
    ? !control.form.querySelector(`[name="${CSS.escape(control.name)}"]:checked`)
    : !control.value.trim();
  if ((control.required || control.dataset.requiredShown !== undefined) && empty) return control.dataset.missing || "这一项需要填写。";
  if (!empty && control.dataset.least && [...control.value.trim()].length < Number(control.dataset.least)) return `至少写 ${control.dataset.least} 个字。`;
  if (!empty && control.pattern && !new RegExp(`^(?:${control.pattern})$`, "u").test(control.value.trim())) return control.title || "格式不对，请检查。";
  return "";
}

function check(section) {
  section.querySelectorAll("[data-step-error]").forEach((each) => each.remove());
  let first;
  for (const control of section.querySelectorAll("input, textarea, select")) {
    const text = problem(control);
    control.toggleAttribute("aria-invalid", Boolean(text));
    if (!text || (control.type === "radio" && first?.name === control.name)) continue;
    const message = document.createElement("p");
    message.className = "field__error";
    message.dataset.stepError = "";
    message.id = `${control.id || control.name}_step_error`;
    message.textContent = text;
    control.setAttribute("aria-describedby", message.id);
    const field = control.closest(".field");
    (field?.querySelector(".choices, .input, .textarea, .select, .rating") || control).before(message);
    first ??= control;
  }
  first?.focus();
  return !first;
}

function answers(section) {
  const found = [];
  for (const field of section.querySelectorAll(".field")) {
    const name = field.querySelector(".field__label")?.firstChild?.textContent.trim();
    const parts = [];
    for (const control of field.querySelectorAll("input, textarea, select")) {
      if (control.matches("[data-place-longitude]") && control.value && !parts.length) parts.push("地图上选的位置");
      if (control.type === "hidden" || control.closest("[hidden]:not(.form-section)")) continue;
      if (control.type === "file") { if (control.files.length) parts.push(`${control.files.length} 张`); }
      else if (["radio", "checkbox"].includes(control.type)) { if (control.checked) parts.push(control.closest("label").querySelector("span").textContent.trim()); }
      else if (control.tagName === "SELECT") parts.push(control.selectedOptions[0]?.textContent.trim());
      else if (control.value.trim()) parts.push(control.value.trim());
    }
    if (name && !field.closest("[hidden]:not(.form-section)")) found.push([name, parts.join("、") || "没有填"]);
  }
  return found;
}

function setUp(form) {
  const sections = [...form.querySelectorAll(".form-section")];
  const stepper = form.querySelector("[data-stepper]");
  const back = form.querySelector("[data-step-back]");
  const next = form.querySelector("[data-step-next]");
  const send = form.querySelector("[data-step-send]");
  const summary = form.querySelector("[data-step-summary]");
  let current = Math.max(0, sections.findIndex((section) => section.querySelector(".field--error")));

  const review = () => summary?.replaceChildren(...sections.slice(0, -1).flatMap((section, index) => answers(section).map(([name, text]) => {
    const row = document.createElement("div");
    const term = document.createElement("dt");
    const value = document.createElement("dd");
    const change = document.createElement("button");
    term.textContent = name;
    value.textContent = text;
    change.type = "button";
    change.className = "button button--quiet";
    change.textContent = "修改";
    change.setAttribute("aria-label", `修改${name}`);
    change.addEventListener("click", () => show(index, true));
    row.append(term, value, change);
    return row;
  })));

  const show = (index, moved) => {
    current = index;
    const last = index === sections.length - 1;
    sections.forEach((section, at) => { section.hidden = at !== index; });
    back.hidden = index === 0;
    next.hidden = last;
    send.hidden = !last;
    if (last) review();
    stepper?.replaceChildren(...sections.map((section, at) => {
      const item = document.createElement("li");
      item.className = `stepper__step${at < index ? " stepper__step--done" : at === index ? " stepper__step--now" : ""}`;
      if (at === index) item.setAttribute("aria-current", "step");
      item.textContent = labelOf(section);
      return item;
    }));
    if (moved) {
      const title = sections[index].querySelector("h2");
      title.tabIndex = -1;
      title.focus({ preventScroll: true });
      form.scrollIntoView({ block: "start" });
    }
  };

  form.noValidate = true;
  next.addEventListener("click", () => { if (check(sections[current])) show(current + 1, true); });
  back.addEventListener("click", () => show(current - 1, true));
  form.addEventListener("keydown", (event) => {
    if (event.key === "Enter" && event.target.matches("input:not([type=file])") && current < sections.length - 1) { event.preventDefault(); next.click(); }
  });
  form.addEventListener("submit", (event) => {
    const wrong = sections.findIndex((section) => { const hidden = section.hidden; section.hidden = false; const fine = check(section); section.hidden = hidden; return !fine; });
    if (wrong >= 0) { event.preventDefault(); show(wrong, true); check(sections[wrong]); }
  });
  show(current, false);
}

export function start(root) {
  for (const form of root.querySelectorAll("[data-steps]")) {
    if (form.dataset.ready) continue;
    form.dataset.ready = "yes";
    setUp(form);
  }
}
