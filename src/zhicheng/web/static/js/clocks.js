// Clocks that tick: counts down `data-left` seconds from the moment the clock came onto the page, in words.
// A clock whose calendar stands still (working time at night) is sent without data-left and does not tick.
const shownAt = new WeakMap();
const known = new Set();

export function words(seconds) {
  const minutes = Math.floor(Math.abs(seconds) / 60);
  const days = Math.floor(minutes / 1440);
  const hours = Math.floor((minutes % 1440) / 60);
  const rest = minutes % 60;
  if (!days && !hours && !rest) return seconds < 0 ? "刚刚超时" : "还剩不到 1 分钟";
  let text;
  if (days) text = hours ? `${days} 天 ${hours} 小时` : `${days} 天`;
  else if (hours) text = rest ? `${hours} 小时 ${rest} 分` : `${hours} 小时`;
  else text = `${rest} 分钟`;
  return seconds < 0 ? `已超 ${text}` : `还剩 ${text}`;
}

function tick() {
  for (const clock of known) {
    if (!clock.isConnected) { known.delete(clock); continue; }
    const left = Number(clock.dataset.left);
    // A long limit in working days is worded by the server; the script only takes over the last day.
    if (!Number.isFinite(left) || Math.abs(left) > 86400) continue;
    const rest = left - (performance.now() - shownAt.get(clock)) / 1000;
    const place = clock.querySelector("[data-clock-words]");
    if (place) place.textContent = words(rest);
    if (left >= 0 && rest < 0) markLate(clock);
  }
}

function markLate(clock) {
  for (const name of ["clock", "clock-chip"]) {
    if (!clock.classList.contains(name)) continue;
    clock.classList.remove(`${name}--running`, `${name}--warning`);
    clock.classList.add(`${name}--late`);
    const use = clock.querySelector(".icon use");
    if (use) use.setAttribute("href", use.getAttribute("href").replace(/#.*/, "#octagon-alert"));
  }
}

let timer;
export function start(root) {
  const found = [...root.querySelectorAll("[data-clock]")];
  if (root.matches?.("[data-clock]")) found.push(root);
  for (const clock of found) {
    if (!shownAt.has(clock)) { shownAt.set(clock, performance.now()); known.add(clock); }
  }
  timer ??= setInterval(tick, 15000);
}
