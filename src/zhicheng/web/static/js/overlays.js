// Layers of the city over the cockpit's map: vector tiles, drawn by their kind of geometry; a click tells what a thing is.
import { liveDevices, lookAhead } from "./livedevices.js";
import { library, palette } from "./map.js";

const USES = ["match", ["coalesce", ["get", "use"], ["get", "land_use"], ""]];
const LIVE_S = 15;
const LIVE = new Set(["charging_station"]);  // what changes while one looks; devices have a layer of their own
const SKIPPED = new Set(["name", "mvt_id"]);

function colour(colours) {
  return [...USES, ["residential", "urban_village"], colours.action, ["office", "commercial", "hotel", "mixed"], colours.warning,
    ["industrial", "warehouse"], colours.ink2, ["school", "hospital", "public"], colours.success, "green", colours.success, colours.action];
}

function state(colours) {
  return ["match", ["coalesce", ["get", "state"], ""], "alarm", colours.late, "offline", colours.ink2, "online", colours.success, colours.action];
}

function drawn(code, geometry, colours) {
  if (geometry === "line") return { type: "line", paint: { "line-color": colours.ink2, "line-width": ["interpolate", ["linear"], ["zoom"], 10, 0.6, 16, 4], "line-opacity": 0.7 } };
  if (geometry === "point") {
    return { type: "circle", paint: { "circle-color": state(colours), "circle-radius": ["interpolate", ["linear"], ["zoom"], 9, 1.6, 13, 3.5, 17, 8], "circle-stroke-color": colours.paper, "circle-stroke-width": ["interpolate", ["linear"], ["zoom"], 11, 0, 14, 1] } };
  }
  return { type: "fill", paint: { "fill-color": colour(colours), "fill-opacity": code === "parcel" ? 0.25 : 0.7, "fill-outline-color": colours.line } };
}

function more(panel) {
  const style = getComputedStyle(panel);
  return { ...palette(panel), ink2: style.getPropertyValue("--ink-2").trim(), success: style.getPropertyValue("--success").trim(), action: style.getPropertyValue("--action").trim() };
}

const address = (box) => new URL(box.dataset.overlay, location.href).href.replaceAll("%7B", "{").replaceAll("%7D", "}");

// Tiles in view are asked for again, under another address: an answer may be kept for a minute.
function keepLive(map, box) {
  setInterval(() => {
    if (!document.hidden && box.checked) map.getSource(`over-${box.value}`)?.setTiles([`${address(box)}&at=${Date.now()}`]);
  }, LIVE_S * 1000);
}

function add(map, box, colours) {
  const code = box.value;
  const tiles = [address(box)];
  map.addSource(`over-${code}`, { type: "vector", tiles, minzoom: Number(box.dataset.from), maxzoom: 16 });
  map.addLayer({ id: `over-${code}`, source: `over-${code}`, "source-layer": code, minzoom: Number(box.dataset.from), ...drawn(code, box.dataset.geometry, colours) }, map.getLayer("points") ? "points" : "areas-name");
  if (LIVE.has(code)) keepLive(map, box);
}

function told(feature, label) {
  const box = document.createElement("div");
  box.className = "ck-told";
  const title = document.createElement("strong");
  title.textContent = feature.properties.name || label;
  const list = document.createElement("dl");
  for (const [name, value] of Object.entries(feature.properties).filter(([name, value]) => !SKIPPED.has(name) && !name.endsWith("_key") && value !== "").slice(0, 6)) {
    const term = document.createElement("dt");
    const words = document.createElement("dd");
    term.textContent = name;
    words.textContent = String(value);
    list.append(term, words);
  }
  box.append(title, list);
  return box;
}

// The thing itself and what lies near it, as links of its popup.
function links(box, code, key, at) {
  const row = document.createElement("p");
  const open = document.createElement("a");
  open.href = `/workbench/twin/${code}/${encodeURIComponent(key)}/`;
  open.textContent = "打开";
  const near = document.createElement("a");
  near.href = `/workbench/twin/?near=${at.lng.toFixed(6)},${at.lat.toFixed(6)}`;
  near.textContent = "周边有什么";
  row.append(open, " · ", near);
  box.append(row);
}

async function tell(map, event, label, code) {
  const [feature] = event.features;
  const gl = await library();
  const box = told(feature, label);
  const key = feature.properties[`${code}_key`] ?? feature.properties.id ?? feature.id;
  if (key !== undefined) links(box, code, key, event.lngLat);
  new gl.Popup({ closeButton: true, maxWidth: "20rem" }).setLngLat(event.lngLat).setDOMContent(box).addTo(map);
}

// The boxes of the layers, and which are shown: those that the address names, else the usual ones.
function chosenOf(panel, wanted) {
  const boxes = [...panel.querySelectorAll("[data-overlay]")];
  const usual = boxes.filter((box) => box.dataset.shown !== undefined).map((box) => box.value).join(",");
  return { boxes, usual, chosen: new Set((wanted ?? usual).split(",")) };
}

export function expectOverlays(panel, wanted) {
  const { boxes, chosen } = chosenOf(panel, wanted);
  for (const box of boxes) if (box.dataset.live && chosen.has(box.value)) lookAhead(box.dataset.live);
}

export function setOverlays(panel, map, note, wanted) {
  const { boxes, usual, chosen } = chosenOf(panel, wanted);
  const colours = more(panel);
  const live = new Map(boxes.filter((box) => box.dataset.live).map((box) => [box, liveDevices(panel, map, box)]));
  const show = (box) => {
    if (live.has(box)) { live.get(box).show(); return; }
    const id = `over-${box.value}`;
    if (box.checked && !map.getLayer(id)) {
      add(map, box, colours);
      map.on("click", id, (event) => tell(map, event, box.parentElement.textContent.trim(), box.value));
    }
    if (map.getLayer(id)) map.setLayoutProperty(id, "visibility", box.checked ? "visible" : "none");
  };
  for (const box of boxes) {
    box.checked = chosen.has(box.value);
    if (box.checked) show(box);
    box.addEventListener("change", () => {
      show(box);
      const layers = boxes.filter((each) => each.checked).map((each) => each.value).join(",");
      note({ layers: layers === usual ? "" : layers || "none" });
    });
  }
}
