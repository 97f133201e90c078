// One of very many: a select with groups becomes a box to search in (label, group, keywords). The select stays and is what is sent.
const MOST = 60;

function read(select) {
  return [...select.options].filter((option) => option.value).map((option) => {
    const group = option.parentElement.label || "";
    const label = option.textContent.trim();
    return { value: option.value, label, group, all: `${label} ${group} ${option.dataset.words || ""}`.toLowerCase() };
  });
}

// What begins with the words, then what has them in its label, then in group or keywords; the order of the select within.
function find(entries, text) {
  const tokens = text.trim().toLowerCase().split(/\s+/).filter(Boolean);
  if (!tokens.length) return entries;
  const rank = ({ label }) => (label.toLowerCase().startsWith(tokens[0]) ? 0 : tokens.every((token) => label.toLowerCase().includes(token)) ? 1 : 2);
  return entries.filter((entry) => tokens.every((token) => entry.all.includes(token)))
    .map((entry, order) => ({ entry, key: rank(entry) * 1e6 + order })).sort((one, other) => one.key - other.key)
    .slice(0, MOST).map(({ entry }) => entry);
}

function make(name, kind, role) {
  const made = document.createElement(name);
  made.className = kind;
  if (role) made.setAttribute("role", role);
  return made;
}

function box(select, count) {
  const input = make("input", "input", "combobox");
  input.autocomplete = "off";
  input.placeholder = select.options[0]?.value === "" ? `${select.options[0].textContent}，可输入关键词查找` : count ? `输入关键词查找，共 ${count} 项` : "输入关键词查找";
  for (const name of ["aria-describedby", "aria-invalid", "required", "data-missing"]) if (select.hasAttribute(name)) input.setAttribute(name, select.getAttribute(name));
  input.id = select.id;
  select.id = `${input.id}_native`;
  select.required = false;
  input.setAttribute("aria-expanded", "false");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", `${input.id}_list`);
  return input;
}

// The rest of a long list, behind what the page has; without an answer that stays all there is.
async function fill(select, source) {
  const answer = await fetch(source).catch(() => null);
  if (!answer?.ok) return;
  const known = new Set([...select.options].map((option) => option.value));
  for (const { label, options } of await answer.json()) {
    const group = document.createElement("optgroup");
    group.label = label;
    for (const [value, text, words] of options) {
      if (known.has(value) || !value) continue;
      const option = new Option(text, value);
      option.dataset.words = words;
      group.append(option);
    }
    if (group.children.length) select.append(group);
  }
}

function setUp(place) {
  const select = place.querySelector("select");
  let entries = read(select);
  const input = box(select, place.dataset.source ? 0 : entries.length);
  const list = make("div", "picker__list", "listbox");
  list.id = `${input.id}_list`;
  list.setAttribute("aria-label", document.querySelector(`label[for="${CSS.escape(input.id)}"]`)?.textContent.trim() || "选项");
  list.hidden = true;
  const said = make("p", "hidden-visually", "status");
  select.hidden = true;
  place.prepend(input, list, said);
  let current = -1;

  const options = () => [...list.querySelectorAll('[role="option"]')];
  const show = () => { const chosen = select.selectedOptions[0]; input.value = chosen?.value ? chosen.textContent.trim() : ""; };
  const close = () => { list.hidden = true; list.replaceChildren(); current = -1; input.setAttribute("aria-expanded", "false"); input.removeAttribute("aria-activedescendant"); };

  const draw = (found) => {
    const groups = new Map();
    for (const entry of found) groups.set(entry.group, [...(groups.get(entry.group) || []), entry]);
    let number = 0;
    list.replaceChildren(...[...groups].map(([label, members], index) => {
      const group = make("div", "", label ? "group" : "presentation");
      if (label) {
        const head = make("div", "picker__group", "presentation");
        head.id = `${list.id}_g${index}`;
        head.textContent = label;
        group.setAttribute("aria-labelledby", head.id);
        group.append(head);
      }
      for (const entry of members) {
        const option = make("div", "suggestion", "option");
        option.id = `${list.id}_${number++}`;
        option.setAttribute("aria-selected", String(entry.value === select.value));
        option.dataset.value = entry.value;
        option.textContent = entry.label;
        group.append(option);
      }
      return group;
    }));
    if (!found.length) { const none = make("p", "picker__none"); none.textContent = "没有找到，换个说法试试。"; list.append(none); }
    said.textContent = found.length ? `找到 ${found.length} 项` : "没有找到";
  };

  const mark = (index) => {
    const rows = options();
    if (!rows.length) return;
    rows[current]?.classList.remove("suggestion--current");
    current = (index + rows.length) % rows.length;
    rows[current].classList.add("suggestion--current");
    rows[current].scrollIntoView({ block: "nearest" });
    input.setAttribute("aria-activedescendant", rows[current].id);
  };

  const open = (text) => {
    draw(find(entries, text));
    list.hidden = false;
    current = -1;
    input.setAttribute("aria-expanded", "true");
    input.removeAttribute("aria-activedescendant");
    if (text.trim()) mark(0);
    else list.querySelector('[aria-selected="true"]')?.scrollIntoView({ block: "nearest" });
  };

  const choose = (option) => {
    select.value = option.dataset.value;
    select.dispatchEvent(new Event("change", { bubbles: true }));
    show();
    close();
  };

  const keys = {
    ArrowDown: () => (list.hidden ? open("") : mark(current + 1)),
    ArrowUp: () => (list.hidden ? open("") : mark(current - 1)),
    Enter: () => { if (list.hidden) return false; const row = options()[current]; if (row) choose(row); return true; },
    Escape: () => { if (list.hidden) return false; show(); close(); return true; },
  };
  input.addEventListener("keydown", (event) => { if (!event.isComposing && keys[event.key] && keys[event.key]() !== false) { event.preventDefault(); event.stopPropagation(); } });
  if (place.dataset.source) input.addEventListener("focus", () => fill(select, place.dataset.source).then(() => { entries = read(select); if (!list.hidden) open(input.value); }), { once: true });
  input.addEventListener("input", () => open(input.value));
  input.addEventListener("click", () => { if (list.hidden) { open(""); input.select(); } });
  input.addEventListener("blur", () => {
    if (!input.value.trim() && select.options[0]?.value === "") { select.selectedIndex = 0; select.dispatchEvent(new Event("change", { bubbles: true })); }
    show();
    close();
  });
  list.addEventListener("mousedown", (event) => {
    event.preventDefault();
    const option = event.target.closest('[role="option"]');
    if (option) choose(option);
  });
  show();
}

export function start(root) {
  for (const place of root.querySelectorAll("[data-picker]")) {
    if (place.dataset.ready) continue;
    place.dataset.ready = "yes";
    setUp(place);
  }
}
