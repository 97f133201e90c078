// Single keys for officials: j k enter x in a queue, any [data-key] element, / for search, ? for the list. They can be switched off.
const STORE = "zhicheng.keys";
const enabled = () => localStorage.getItem(STORE) !== "off";
const typing = (element) => element.closest("input:not([type=checkbox]):not([type=radio]), textarea, select, [contenteditable], dialog[open]");

function rows() { return [...document.querySelectorAll("[data-row]")]; }

function move(step) {
  const all = rows();
  if (!all.length) return;
  const now = all.findIndex((row) => row.contains(document.activeElement));
  const next = all[Math.max(0, Math.min(all.length - 1, now < 0 ? 0 : now + step))];
  const link = next.querySelector("[data-open]");
  link?.focus();
  next.scrollIntoView({ block: "nearest" });
}

const words = [["j / k", "下一件 / 上一件"], ["Enter", "打开"], ["x", "选中，再按取消"]];
const always = [["/", "搜索"], ["?", "显示这张表"], ["Esc", "关闭弹出的窗口"]];

// What the keys do on this page: those of a list where there is one, then those that its buttons name.
function known() {
  const own = [...document.querySelectorAll("[data-key]")].map((target) => {
    const label = target.cloneNode(true);
    label.querySelectorAll("kbd").forEach((kbd) => kbd.remove());
    return [target.dataset.key, label.textContent.trim()];
  });
  return [...(rows().length ? words : []), ...own, ...always];
}

function help() {
  let dialog = document.getElementById("keys_help");
  if (!dialog) {
    dialog = document.createElement("dialog");
    dialog.id = "keys_help";
    dialog.className = "dialog";
    dialog.setAttribute("aria-label", "快捷键");
    const head = document.createElement("div");
    head.className = "dialog__head";
    const title = document.createElement("h2");
    title.textContent = "这一页的快捷键";
    head.append(title);
    const list = document.createElement("dl");
    list.className = "facts dialog__body";
    for (const [key, text] of known()) {
      const term = document.createElement("dt");
      const kbd = document.createElement("kbd");
      kbd.textContent = key;
      term.append(kbd);
      const value = document.createElement("dd");
      value.textContent = text;
      list.append(term, value);
    }
    const foot = document.createElement("div");
    foot.className = "dialog__foot";
    const off = document.createElement("button");
    off.className = "button";
    const label = () => { off.textContent = enabled() ? "关闭单键快捷键" : "打开单键快捷键"; };
    off.addEventListener("click", () => { localStorage.setItem(STORE, enabled() ? "off" : "on"); label(); });
    label();
    const close = document.createElement("button");
    close.className = "button button--primary";
    close.textContent = "知道了";
    close.autofocus = true;
    close.addEventListener("click", () => dialog.close());
    foot.append(off, close);
    dialog.append(head, list, foot);
    document.body.append(dialog);
  }
  dialog.showModal();
}

function press(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target) || !enabled()) return;
  const { key } = event;
  if (key === "j") move(1);
  else if (key === "k") move(-1);
  else if (key === "x") document.activeElement.closest("[data-row]")?.querySelector("input[type=checkbox]")?.click();
  else if (key === "/") document.querySelector("[data-focus-key='/']")?.focus();
  else if (key === "?") help();
  else if (/^[a-z]$/.test(key)) {
    const target = document.querySelector(`[data-key="${key}"]`);
    if (!target) return;
    target.focus();
    target.click();
  } else return;
  event.preventDefault();
}

let listening = false;
export function start() {
  if (listening) return;
  listening = true;
  document.addEventListener("keydown", press);
  document.addEventListener("click", (event) => { if (event.target.closest("[data-keys]")) help(); });
}
