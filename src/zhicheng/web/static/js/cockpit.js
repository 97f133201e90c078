// The cockpit's view: which area, scene, layers and part of the map are shown. The address holds it, so that a link shows the same.
import { start as startParts } from "./main.js";
import { mapOf, redraw } from "./map.js";
import { expectOverlays, setOverlays } from "./overlays.js";

const RENEW_S = 30;
const PARTS = "[data-part]";

const query = () => new URLSearchParams(location.search);

function address(changes) {
  const wanted = query();
  for (const [name, value] of Object.entries(changes)) {
    if (value) wanted.set(name, value); else wanted.delete(name);
  }
  const text = wanted.toString().replaceAll("%2C", ",");
  return location.pathname + (text ? `?${text}` : "");
}

const note = (changes) => history.replaceState(history.state, "", address(changes));

// What the server says now, part by part; the map keeps its place. Nothing where another area was opened meanwhile.
async function renew(panel) {
  const area = query().get("area");
  const answer = await fetch(location.pathname + location.search, { headers: { "X-Requested-With": "fetch" } });
  if (!answer.ok) return false;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  if (query().get("area") !== area) return false;
  document.title = page.title;
  for (const part of document.querySelectorAll(PARTS)) {
    const fresh = page.getElementById(part.id);
    if (!fresh) continue;
    part.replaceChildren(...fresh.childNodes);
    startParts(part);
  }
  const map = page.getElementById(panel.id);
  for (const name of panel.dataset.partAttributes.split(" ")) panel.setAttribute(name, map.getAttribute(name));
  document.querySelector("[data-scenes]")?.dispatchEvent(new CustomEvent("renewed"));
  return true;
}

export function start(root) {
  const body = root.querySelector("[data-cockpit]");
  const panel = document.querySelector("[data-map=wall]");
  if (!body || body.dataset.ready) return;
  body.dataset.ready = "yes";

  const open = async (area, { remember = true } = {}) => {
    if (remember) history.pushState({}, "", address({ area, at: "" }));
    body.setAttribute("aria-busy", "true");
    try {
      if (await renew(panel)) await redraw(panel, { move: true });
    } finally {
      body.removeAttribute("aria-busy");
    }
  };

  document.addEventListener("click", (event) => {
    const link = event.target.closest("[data-area], .compare a[href^='/cockpit/?area=']");
    if (!link || link === body || event.ctrlKey || event.metaKey || !mapOf(panel)) return;
    event.preventDefault();
    open(link.dataset.area ?? new URL(link.href).searchParams.get("area"));
  });
  window.addEventListener("popstate", () => open(query().get("area"), { remember: false }));
  document.addEventListener("scene", ({ detail }) => note({ scene: detail === "today" ? "" : detail }));
  setInterval(() => { if (!document.hidden) renew(panel); }, RENEW_S * 1000);
  present(open);
  followAlarms();

  const ready = () => {
    const map = mapOf(panel);
    const at = (query().get("at") || "").split(",").map(Number);
    if (at.length === 3 && at.every(Number.isFinite)) map.jumpTo({ center: at.slice(0, 2), zoom: at[2] });
    map.on("moveend", (event) => {
      if (!event.originalEvent) return;  // only where somebody moved it
      const { lng, lat } = map.getCenter();
      note({ at: `${lng.toFixed(5)},${lat.toFixed(5)},${map.getZoom().toFixed(2)}` });
    });
    setOverlays(panel, map, note, query().get("layers"));  // before: a click that meant a thing on the map opens no area
    drill(map, open);
  };
  if (mapOf(panel)) ready();
  else {
    panel.addEventListener("map:ready", ready, { once: true });
    if (matchMedia("(min-width: 64em)").matches) expectOverlays(panel, query().get("layers"));  // a phone asks when the map comes into view
  }
}

// Alarms as they are raised and end: the door tells that there is news, the list is asked for as this reader may see it.
function followAlarms() {
  const part = document.getElementById("alarms_panel");
  if (!part) return;
  let [timer, asking, again] = [0, false, false];
  const renewAlarms = async () => {
    if (asking) { again = true; return; }
    [asking, again] = [true, false];
    const area = query().get("area") || "";
    const known = new Set([...part.querySelectorAll("[data-alarm]")].map((row) => row.dataset.alarm));
    try {
      const answer = await fetch(`/cockpit/alarms/?area=${encodeURIComponent(area)}`, { headers: { "X-Requested-With": "fetch" } });
      if (!answer.ok || (query().get("area") || "") !== area) return;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      part.replaceChildren(...page.body.childNodes);
      const fresh = [...part.querySelectorAll("[data-alarm]")].find((row) => !known.has(row.dataset.alarm));
      if (fresh) document.querySelector("[data-alarms-said]").textContent = `新告警：${fresh.querySelector("a").textContent}`;
    } catch (error) {
      console.warn(error);  // the next round comes
    } finally {
      asking = false;
      if (again) timer = setTimeout(renewAlarms, 300);
    }
  };
  // Many at once are one question, at most three a second.
  const soon = () => { clearTimeout(timer); timer = setTimeout(renewAlarms, 150); };
  document.addEventListener("city:alarms", soon);
  document.addEventListener("city:alarms-changed", soon);
}

// A click on an area, and on nothing that lies on it, opens the area.
function drill(map, open) {
  map.on("click", (event) => {
    if (event.defaultPrevented) return;
    const [first] = map.queryRenderedFeatures(event.point);
    if (!first || first.layer.id !== "areas-fill" || first.properties.level === "grid") return;
    open(first.properties.code);
  });
  map.on("mousemove", "areas-fill", () => { map.getCanvas().style.cursor = "pointer"; });
  map.on("mouseleave", "areas-fill", () => { map.getCanvas().style.cursor = ""; });
}

// Presenting: nothing but the city on the screen; scenes turn, and after each round the next area is shown, then the city again.
function present(open) {
  const button = document.querySelector("[data-show]");
  let stops = [];
  const set = (on) => {
    document.body.classList.toggle("cockpit--show", on);
    button?.setAttribute("aria-pressed", String(on));
    note({ show: on ? "1" : "" });
    document.dispatchEvent(new CustomEvent("presenting", { detail: on }));
    stops = [];
    if (!on && document.fullscreenElement) document.exitFullscreen();
  };
  button?.addEventListener("click", () => {
    const on = !document.body.classList.contains("cockpit--show");
    if (on) document.documentElement.requestFullscreen?.().catch(() => {});
    set(on);
  });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && document.body.classList.contains("cockpit--show")) set(false); });
  document.addEventListener("scenes:round", () => {
    if (!document.body.classList.contains("cockpit--show")) return;
    if (!stops.length) stops = [...document.querySelectorAll("[data-scene=areas] a[href*='area=']")].slice(0, 3).map((link) => new URL(link.href).searchParams.get("area")).concat("");
    open(stops.shift());
  });
  if (query().get("show")) set(true);
}
