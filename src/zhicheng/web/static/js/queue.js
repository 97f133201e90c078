// Queue tables: bulk selection and the choice of columns (kept on this device, per queue).
function bulk(form) {
  const boxes = () => [...form.querySelectorAll("tbody input[type=checkbox]:not(:disabled)")];
  const all = form.querySelector("[data-bulk-all]");
  const count = form.querySelector("[data-bulk-count]");
  const show = () => {
    const chosen = boxes().filter((box) => box.checked);
    if (count) count.textContent = chosen.length;
    form.querySelectorAll("[data-bulk-action]").forEach((button) => { button.disabled = !chosen.length; });
    form.querySelectorAll("[data-row]").forEach((row) => row.classList.toggle("row--chosen", Boolean(row.querySelector("input:checked"))));
    if (all) { all.checked = chosen.length > 0 && chosen.length === boxes().length; all.indeterminate = chosen.length > 0 && !all.checked; }
  };
  all?.addEventListener("change", () => { boxes().forEach((box) => { box.checked = all.checked; }); show(); });
  form.addEventListener("change", show);
  show();
}

function columns(form) {
  const key = `zhicheng.columns.${form.dataset.queue}`;
  const boxes = [...form.querySelectorAll("[data-column]")];
  let hidden;
  try { hidden = JSON.parse(localStorage.getItem(key)); } catch { hidden = null; }
  if (Array.isArray(hidden)) boxes.forEach((box) => { box.checked = !hidden.includes(box.dataset.column); });
  const show = () => {
    for (const box of boxes) form.querySelectorAll(`[data-col="${CSS.escape(box.dataset.column)}"]`).forEach((cell) => { cell.hidden = !box.checked; });
  };
  boxes.forEach((box) => box.addEventListener("change", () => {
    localStorage.setItem(key, JSON.stringify(boxes.filter((each) => !each.checked).map((each) => each.dataset.column)));
    show();
  }));
  show();
}

export function start(root) {
  for (const form of root.querySelectorAll("[data-queue]")) {
    if (form.dataset.ready) continue;
    form.dataset.ready = "yes";
    bulk(form);
    columns(form);
  }
}
