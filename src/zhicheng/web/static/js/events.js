// The live feed: server-sent events {at, title, text, tone, url} as list items, newest first; reconnects by itself.
function item(event) {
  const row = document.createElement("li");
  row.className = `feed__item${["warning", "danger", "done", "now"].includes(event.tone) ? ` feed__item--${event.tone}` : ""}`;
  const time = document.createElement("time");
  time.dateTime = event.at;
  time.textContent = new Date(event.at).toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", hour12: false });
  const title = document.createElement(event.url ? "a" : "span");
  if (event.url) title.href = event.url;
  title.className = "feed__title";
  title.textContent = event.title;
  const text = document.createElement("span");
  text.className = "feed__text";
  text.textContent = event.text || "";
  row.append(time, title, text);
  return row;
}

export function start(root) {
  for (const list of root.querySelectorAll("[data-events]")) {
    if (list.dataset.ready) continue;
    list.dataset.ready = "yes";
    const limit = Number(list.dataset.limit || 30);
    const state = document.querySelector("[data-events-state]");
    const say = (text, live) => { if (state) { state.textContent = text; state.classList.toggle("live--on", live); } };
    const source = new EventSource(list.dataset.events);
    source.addEventListener("open", () => say("实时", true));
    source.addEventListener("error", () => say("正在重连…", false));
    source.addEventListener("message", (message) => {
      let event;
      try { event = JSON.parse(message.data); } catch { return; }
      list.querySelector("[data-feed-empty]")?.remove();
      list.prepend(item(event));
      while (list.children.length > limit) list.lastElementChild.remove();
      document.dispatchEvent(new CustomEvent("city:event", { detail: event }));
    });
    source.addEventListener("alarms", () => document.dispatchEvent(new CustomEvent("city:alarms")));
    // The door dropped what this page was too slow to take: load again, not all pages in the same second.
    source.addEventListener("reload", () => setTimeout(() => location.reload(), Math.random() * 3000));
    window.addEventListener("pagehide", () => source.close());
  }
}
