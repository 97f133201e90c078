// The call desk: while the call-taker types, what the city knows comes below; keys take it over. Without a script a button does the same.
const WAIT_MS = 250;

function setUp(part) {
  const text = document.getElementById(part.dataset.text);
  const note = document.getElementById(part.dataset.note);
  const list = part.querySelector("[data-call-help-list]");
  const status = part.querySelector("[data-call-help-status]");
  let timer, asked, last = "";

  const choices = () => [...list.querySelectorAll("[data-take]")];
  const number = () => choices().forEach((choice, index) => {
    if (index > 8) return;
    const key = document.createElement("kbd");
    key.textContent = index + 1;
    choice.prepend(key);
    choice.setAttribute("aria-keyshortcuts", String(index + 1));
  });
  const close = () => { asked?.abort(); clearTimeout(timer); list.replaceChildren(); status.textContent = ""; };

  async function ask() {
    const said = text.value.trim();
    if (said === last) return;
    last = said;
    if (said.length < 2) return close();
    asked?.abort();
    asked = new AbortController();
    const body = new FormData(text.form);
    try {
      const answer = await fetch(part.dataset.callHelp, { method: "POST", body, signal: asked.signal, headers: { "X-Requested-With": "fetch" } });
      if (answer.status === 429) { status.textContent = "查得太快，稍等再查。"; last = ""; return; }
      if (!answer.ok) return close();
      const html = await answer.text();
      if (list.contains(document.activeElement)) return; // somebody is choosing: nothing moves under their fingers
      list.innerHTML = html;
    } catch { return; }
    number();
    const found = choices().length;
    status.textContent = found ? `找到 ${found} 条提示` : list.textContent.trim();
  }

  function choose(choice) {
    const { take } = choice.dataset;
    if (take === "alike") return document.querySelector(`button[name="join"][value="${CSS.escape(choice.dataset.number)}"]`)?.focus();
    if (take === "item") {
      const radio = document.querySelector(`input[name="item"][value="${CSS.escape(choice.dataset.code)}"]`);
      if (!radio) return;
      radio.checked = true;
      radio.dispatchEvent(new Event("change", { bubbles: true }));
      status.textContent = "已选事项。";
    } else {
      note.value = [note.value.trim(), choice.dataset.words].filter(Boolean).join("\n");
      note.dispatchEvent(new Event("input", { bubbles: true }));
      status.textContent = "已记入答复记录。";
    }
    choice.setAttribute("aria-pressed", "true");
    text.focus();
  }

  text.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, WAIT_MS); });
  text.addEventListener("keydown", (event) => {
    if (event.isComposing) return;
    const atEnd = text.selectionStart === text.value.length;
    if (event.key === "ArrowDown" && atEnd && choices().length) { event.preventDefault(); choices()[0].focus(); }
    else if (event.key === "Escape" && list.childElementCount) { event.preventDefault(); close(); }
  });
  list.addEventListener("keydown", (event) => {
    const all = choices();
    const at = all.indexOf(document.activeElement);
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.key === "ArrowDown") all[Math.min(at + 1, all.length - 1)].focus();
    else if (event.key === "ArrowUp") (at > 0 ? all[at - 1] : text).focus();
    else if (event.key === "Escape") { close(); text.focus(); }
    else if (/^[1-9]$/.test(event.key) && all[event.key - 1]) choose(all[event.key - 1]);
    else return;
    event.preventDefault();
  });
  list.addEventListener("click", (event) => {
    const choice = event.target.closest("[data-take]");
    if (choice) { event.preventDefault(); choose(choice); }
  });
  number();
}

export function start(root) {
  for (const part of root.querySelectorAll("[data-call-help]")) {
    if (part.dataset.ready) continue;
    part.dataset.ready = "yes";
    setUp(part);
  }
}
