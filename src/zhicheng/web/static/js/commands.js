// The answer to a question on the map: areas by their value, shapes, lines and points; the table's rows find theirs.
import { mapOf, palette } from "./map.js";

const EMPTY = { type: "FeatureCollection", features: [] };
const numbers = (text) => (text || "").split(",").map(Number);
const isArea = ["match", ["geometry-type"], ["Polygon", "MultiPolygon"], true, false];
const isLine = ["match", ["geometry-type"], ["LineString", "MultiLineString"], true, false];
const isPoint = ["match", ["geometry-type"], ["Point", "MultiPoint"], true, false];

function draw(map, data, colours) {
  const values = data.features.map((feature) => feature.properties.value).filter((value) => typeof value === "number");
  const top = Math.max(...values, 0), low = Math.min(...values, 0);
  const fill = values.length && top > low
    ? ["interpolate", ["linear"], ["coalesce", ["get", "value"], low], low, colours.land, top, colours.open] : colours.open;
  map.addSource("answer", { type: "geojson", data });
  const above = map.getLayer("areas-name") ? "areas-name" : undefined;
  map.addLayer({ id: "answer-fill", type: "fill", source: "answer", filter: isArea, paint: { "fill-color": fill, "fill-opacity": 0.6 } }, above);
  map.addLayer({ id: "answer-edge", type: "line", source: "answer", filter: isArea, paint: { "line-color": colours.open, "line-width": 1.5 } }, above);
  map.addLayer({ id: "answer-line", type: "line", source: "answer", filter: isLine, paint: { "line-color": colours.open, "line-width": 3 } }, above);
  map.addLayer({
    id: "answer-point", type: "circle", source: "answer", filter: isPoint,
    paint: { "circle-color": colours.open, "circle-radius": 6, "circle-stroke-color": colours.paper, "circle-stroke-width": 2 },
  });
  map.addSource("chosen", { type: "geojson", data: EMPTY });
  map.addLayer({ id: "chosen-line", type: "line", source: "chosen", paint: { "line-color": colours.late, "line-width": 4 } });
  map.addLayer({
    id: "chosen-point", type: "circle", source: "chosen", filter: isPoint,
    paint: { "circle-color": colours.late, "circle-radius": 9, "circle-stroke-color": colours.paper, "circle-stroke-width": 2 },
  });
}

function corners(part, found = []) {
  if (typeof part[0] === "number") found.push(part);
  else part.forEach((inner) => corners(inner, found));
  return found;
}

function choose(map, features) {
  map.getSource("chosen").setData({ type: "FeatureCollection", features });
  const points = features.flatMap((feature) => corners(feature.geometry.coordinates));
  if (!points.length) return;
  const east = points.map(([x]) => x), north = points.map(([, y]) => y);
  map.fitBounds([Math.min(...east), Math.min(...north), Math.max(...east), Math.max(...north)], { padding: 60, maxZoom: 17, duration: 400 });
}

function follow(root, map, data) {
  const known = new Map(data.features.map((feature) => [String(feature.id ?? feature.properties.key), feature]));
  const rows = [...root.querySelectorAll("tr[data-key]")];
  for (const row of rows) {
    const feature = known.get(row.dataset.key);
    if (!feature) continue;
    const show = () => choose(map, [feature]);
    row.addEventListener("mouseenter", () => map.getSource("chosen").setData({ type: "FeatureCollection", features: [feature] }));
    row.addEventListener("focusin", show);
    row.addEventListener("click", (event) => { if (!event.target.closest("a")) show(); });
  }
  for (const layer of ["answer-fill", "answer-line", "answer-point"]) {
    map.on("click", layer, (event) => {
      if (map.getCanvas().style.cursor === "crosshair") return; // somebody draws
      const key = String(event.features[0].id ?? event.features[0].properties.key);
      const row = rows.find((each) => each.dataset.key === key || known.get(each.dataset.key)?.properties?.name === event.features[0].properties.name);
      row?.scrollIntoView({ block: "center" });
      row?.querySelector("a")?.focus();
    });
  }
}

async function show(root, panel, box) {
  const map = mapOf(panel);
  const colours = palette(panel);
  const answer = await fetch(box.dataset.features, { headers: { Accept: "application/geo+json" } });
  const data = answer.ok ? await answer.json() : EMPTY;
  draw(map, data, colours);
  follow(root, map, data);
  const edges = numbers(box.dataset.box);
  if (edges.length === 4 && edges.every(Number.isFinite)) map.fitBounds(edges, { padding: 40, maxZoom: 17, duration: 0 });
  // A question about what is in view says what that is.
  const form = root.querySelector("form.search");
  const view = document.createElement("input");
  view.type = "hidden";
  view.name = "view";
  form?.append(view);
  form?.addEventListener("submit", () => {
    if (/视野|屏幕|当前|眼前|画面|图面/.test(form.querySelector("input[name=q]").value)) view.value = map.getBounds().toArray().flat().map((edge) => edge.toFixed(6)).join(",");
    else view.disabled = true;
  });
}

export function start(scope) {
  const root = scope.matches?.("[data-ask]") ? scope : scope.querySelector("[data-ask]");
  const box = root?.querySelector("[data-answer]");
  if (!box || box.dataset.ready) return;
  box.dataset.ready = "yes";
  const panel = box.querySelector("[data-map]");
  if (mapOf(panel)) show(root, panel, box);
  else box.addEventListener("map:ready", () => show(root, panel, box), { once: true });
}
