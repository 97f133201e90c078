// The code of a licence: replaced before it runs out, hidden when it cannot be.
const place = document.querySelector("[data-rotate]");
const words = document.querySelector("[data-rotate-words]");
const EARLY_S = 15;
let left = 0;
let busy = false;

const code = () => place.querySelector("[data-code]");

function restart() { left = Number(code()?.dataset.lasts || 0); }

async function replace() {
  if (busy) return;
  busy = true;
  try {
    const response = await fetch(place.dataset.rotate, { headers: { Accept: "text/html" }, cache: "no-store" });
    if (!response.ok || response.redirected) throw new Error(String(response.status));
    const page = new DOMParser().parseFromString(await response.text(), "text/html");
    place.replaceChildren(...page.body.childNodes);
    restart();
  } catch {
    // Tried again with the next tick; the old code stays until it has run out.
  } finally {
    busy = false;
  }
}

function tick() {
  if (document.hidden) return;
  left -= 1;
  if (left <= EARLY_S) replace();
  code()?.classList.toggle("show__code--old", left <= 0);
  words.textContent = left > 0 ? `二维码 ${left} 秒后自动更换，截图无效。` : "没有网络，二维码已过时。联网后会自动更换。";
}

if (place && words) {
  restart();
  setInterval(tick, 1000);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) replace(); });
  document.querySelector("[data-rotate-now]")?.addEventListener("click", (event) => { event.preventDefault(); replace(); });
}
