// Suggestions under a search or address box. The server answers rows (components/suggestions.html).
const WAIT_MS = 200;

function setUp(input) {
  const list = document.getElementById(input.getAttribute("aria-controls"));
  let timer, asked, current = -1;

  const options = () => [...list.querySelectorAll('[role="option"]')];
  const close = () => { list.replaceChildren(); input.setAttribute("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); current = -1; };

  const ask = async () => {
    const text = input.value.trim();
    if (text.length < 2) return close();
    asked?.abort();
    asked = new AbortController();
    try {
      const answer = await fetch(`${input.dataset.suggest}?q=${encodeURIComponent(text)}`, { signal: asked.signal, headers: { "X-Requested-With": "fetch" } });
      if (!answer.ok) return close();
      list.innerHTML = await answer.text();
    } catch { return; }
    options().forEach((option, index) => { option.id = `${list.id}_${index}`; });
    input.setAttribute("aria-expanded", String(options().length > 0));
    current = -1;
  };

  const mark = (index) => {
    const rows = options();
    if (!rows.length) return;
    current = (index + rows.length) % rows.length;
    rows.forEach((row, at) => row.setAttribute("aria-selected", String(at === current)));
    input.setAttribute("aria-activedescendant", rows[current].id);
  };

  const choose = (option) => {
    if (option.dataset.url) { location.assign(option.dataset.url); return; }
    input.value = option.dataset.value;
    input.dispatchEvent(new CustomEvent("suggestion", { bubbles: true, detail: { ...option.dataset } }));
    close();
  };

  input.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(ask, WAIT_MS); });
  input.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") { event.preventDefault(); mark(current + 1); }
    else if (event.key === "ArrowUp") { event.preventDefault(); mark(current - 1); }
    else if (event.key === "Enter" && current >= 0) { event.preventDefault(); choose(options()[current]); }
    else if (event.key === "Escape") close();
  });
  list.addEventListener("mousedown", (event) => {
    const option = event.target.closest('[role="option"]');
    if (option) { event.preventDefault(); choose(option); }
  });
  input.addEventListener("blur", () => setTimeout(close, 150));
}

export function start(root) {
  for (const input of root.querySelectorAll("[data-suggest]")) {
    if (input.dataset.ready) continue;
    input.dataset.ready = "yes";
    setUp(input);
  }
}
