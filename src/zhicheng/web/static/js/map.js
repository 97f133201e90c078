// Maps: our own areas and points as GeoJSON on MapLibre, coloured by the page's tokens; no map service, no glyph server.
export const LIBRARY = new URL("../vendor/maplibre-gl-6.17.0/", import.meta.url);
const maps = new WeakMap();
let loading;

export function library() {
  loading ??= (async () => {
    const sheet = document.createElement("link");
    sheet.rel = "stylesheet";
    sheet.href = new URL("maplibre-gl.css", LIBRARY).href;
    document.head.append(sheet);
    return import(new URL("maplibre-gl.mjs", LIBRARY).href);
  })();
  return loading;
}

const numbers = (text) => (text || "").split(",").map(Number);

export function palette(element) {
  const style = getComputedStyle(element);
  const read = (name) => style.getPropertyValue(name).trim();
  return {
    land: read("--map-land"), line: read("--map-line"), water: read("--map-water"), ink: read("--ink"), paper: read("--surface"),
    open: read("--action"), warning: read("--warning-edge"), late: read("--danger"),
  };
}

// A wall has larger letters; names and marks of the map follow.
const scale = () => Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / 16;

// A state has a shape as well as a colour: circle, triangle, square.
function shape(state, colours) {
  const size = 44;
  const canvas = document.createElement("canvas");
  canvas.width = canvas.height = size;
  const pen = canvas.getContext("2d");
  pen.fillStyle = colours[state];
  pen.strokeStyle = colours.paper;
  pen.lineWidth = 4;
  pen.beginPath();
  if (state === "warning") { pen.moveTo(22, 4); pen.lineTo(41, 38); pen.lineTo(3, 38); pen.closePath(); }
  else if (state === "late") pen.rect(6, 6, 32, 32);
  else pen.arc(22, 22, 15, 0, Math.PI * 2);
  pen.fill();
  pen.stroke();
  return pen.getImageData(0, 0, size, size);
}

function bounds(collection) {
  const box = [180, 90, -180, -90];
  const walk = (part) => {
    if (typeof part[0] === "number") {
      box[0] = Math.min(box[0], part[0]); box[1] = Math.min(box[1], part[1]);
      box[2] = Math.max(box[2], part[0]); box[3] = Math.max(box[3], part[1]);
    } else part.forEach(walk);
  };
  collection.features.forEach((feature) => feature.geometry && walk(feature.geometry.coordinates));
  return box;
}

// Room for the panels that lie over the wall's map.
function padding(panel) {
  if (panel.dataset.map !== "wall" || !matchMedia("(min-width: 64em)").matches) return 24;
  const rem = Number.parseFloat(getComputedStyle(document.documentElement).fontSize);
  return { left: 28 * rem, right: 27 * rem, top: 5 * rem, bottom: 5 * rem };
}

async function json(url) {
  const answer = await fetch(url, { headers: { Accept: "application/geo+json" } });
  if (!answer.ok) throw new Error(`${url}: ${answer.status}`);
  return answer.json();
}

// A district with islands is named once: on its largest part.
function named(areas) {
  const features = areas.features.map((feature) => {
    if (feature.geometry?.type !== "MultiPolygon") return feature;
    const coordinates = feature.geometry.coordinates.reduce((best, part) => (part[0].length > best[0].length ? part : best));
    return { ...feature, geometry: { type: "Polygon", coordinates } };
  });
  return { ...areas, features };
}

function drawAreas(map, areas, colours) {
  map.addSource("areas", { type: "geojson", data: areas });
  map.addSource("names", { type: "geojson", data: named(areas) });
  map.addLayer({ id: "areas-fill", type: "fill", source: "areas", paint: { "fill-color": colours.land } });
  map.addLayer({ id: "areas-line", type: "line", source: "areas", paint: { "line-color": colours.line, "line-width": 1.2 } });
  map.addLayer({
    id: "areas-name", type: "symbol", source: "names",
    layout: { "text-field": ["coalesce", ["get", "name"], ""], "text-size": 15 * scale(), "text-font": ["sans-serif"] },
    paint: { "text-color": colours.ink, "text-halo-color": colours.land, "text-halo-width": 2 },
  });
}

function drawPoints(map, points, colours, gl) {
  for (const state of ["open", "warning", "late"]) map.addImage(state, shape(state, colours), { pixelRatio: 2 });
  map.addSource("points", { type: "geojson", data: points });
  map.addLayer({
    id: "points", type: "symbol", source: "points",
    layout: {
      "icon-image": ["match", ["get", "state"], "warning", "warning", "late", "late", "open"],
      "icon-allow-overlap": true, "icon-size": ["interpolate", ["linear"], ["zoom"], 8, 0.45 * scale(), 13, 0.9 * scale()],
      "symbol-sort-key": ["match", ["get", "state"], "late", 3, "warning", 2, 1],
    },
  }, map.getLayer("areas-name") ? "areas-name" : undefined);
  map.on("mouseenter", "points", () => { map.getCanvas().style.cursor = "pointer"; });
  map.on("mouseleave", "points", () => { map.getCanvas().style.cursor = ""; });
  map.on("click", "points", (event) => {
    const found = event.features[0];
    const box = document.createElement("p");
    const link = document.createElement("a");
    link.href = found.properties.url || "#";
    link.textContent = found.properties.title || found.properties.number;
    box.append(link);
    new gl.Popup({ closeButton: false }).setLngLat(found.geometry.coordinates).setDOMContent(box).addTo(map);
  });
}

// On the wall, the scene "areas" colours districts by their late cases and hides the points.
function followScenes(map, colours) {
  document.addEventListener("scene", ({ detail }) => {
    const byArea = detail === "areas";
    map.setPaintProperty("areas-fill", "fill-color", byArea
      ? ["interpolate", ["linear"], ["coalesce", ["get", "late"], 0], 0, colours.land, 10, colours.late] : colours.land);
    map.setPaintProperty("areas-fill", "fill-opacity", byArea ? 0.75 : 1);
    map.setLayoutProperty("areas-name", "text-field", byArea
      ? ["concat", ["coalesce", ["get", "name"], ""], "\n", ["to-string", ["coalesce", ["get", "late"], 0]], " 件超时"]
      : ["coalesce", ["get", "name"], ""]);
    if (map.getLayer("points")) map.setLayoutProperty("points", "visibility", byArea ? "none" : "visible");
  });
}

const LAYERS = { areas: ["areas-line", "areas-name"], points: ["points"] };

async function setUp(panel) {
  const gl = await library();
  const colours = palette(panel);
  const canvas = panel.querySelector("[data-map-canvas]");
  const areas = panel.dataset.areas ? await json(panel.dataset.areas) : { type: "FeatureCollection", features: [] };
  const center = numbers(panel.dataset.center);
  const marker = numbers(panel.dataset.marker);
  const box = bounds(areas);
  const map = new gl.Map({
    container: canvas,
    style: { version: 8, sources: {}, layers: [{ id: "water", type: "background", paint: { "background-color": colours.water } }] },
    ...(panel.dataset.zoom || !areas.features.length
      ? { center: center.length === 2 ? center : [0, 0], zoom: Number(panel.dataset.zoom || 10) }
      : { bounds: box, fitBoundsOptions: { padding: padding(panel) } }),
    attributionControl: false, dragRotate: false, pitchWithRotate: false, cooperativeGestures: panel.dataset.map === "show" && matchMedia("(pointer: coarse)").matches,
    fadeDuration: 0, localIdeographFontFamily: getComputedStyle(document.body).fontFamily,
    locale: { "NavigationControl.ZoomIn": "放大", "NavigationControl.ZoomOut": "缩小", "Map.Title": panel.getAttribute("aria-label") || "地图", "Marker.Title": "标记", "CooperativeGesturesHandler.MobileHelpText": "用两根手指移动地图", "CooperativeGesturesHandler.WindowsHelpText": "按住 Ctrl 并滚动来缩放地图", "CooperativeGesturesHandler.MacHelpText": "按住 ⌘ 并滚动来缩放地图", "Popup.Close": "关闭" },
  });
  maps.set(panel, map);
  map.touchZoomRotate.disableRotation();
  if (panel.dataset.map !== "wall") map.addControl(new gl.NavigationControl({ showCompass: false }), "top-right");
  await new Promise((done) => map.once("load", done));
  panel.querySelector("[data-map-none]")?.remove();
  drawAreas(map, areas, colours);
  if (panel.dataset.points) drawPoints(map, await json(panel.dataset.points), colours, gl);
  if (marker.length === 2) {
    new gl.Marker({ color: colours.late }).setLngLat(marker).addTo(map);
    map.jumpTo({ center: marker, zoom: Math.max(map.getZoom(), 11) });
  }
  for (const box of panel.querySelectorAll("[data-map-layer]")) {
    const show = () => (LAYERS[box.dataset.mapLayer] || []).forEach((id) => map.getLayer(id) && map.setLayoutProperty(id, "visibility", box.checked ? "visible" : "none"));
    box.addEventListener("change", show);
    show();
  }
  if (panel.dataset.map === "wall") followScenes(map, colours);
  panel.dispatchEvent(new CustomEvent("map:ready", { bubbles: true, detail: { map } }));
  if (panel.dataset.points && panel.dataset.refreshS) {
    setInterval(async () => { if (!document.hidden) map.getSource("points").setData(await json(panel.dataset.points)); }, Number(panel.dataset.refreshS) * 1000);
  }
}

// Other areas and points than before, by the panel's own addresses; the view moves to them where it is told to.
export async function redraw(panel, { move }) {
  const map = maps.get(panel);
  if (!map) return;
  const [areas, points] = await Promise.all([json(panel.dataset.areas), json(panel.dataset.points)]);
  map.getSource("areas").setData(areas);
  map.getSource("names").setData(named(areas));
  map.getSource("points").setData(points);
  if (move && areas.features.length) map.fitBounds(bounds(areas), { padding: padding(panel), duration: 600 });
}

export const mapOf = (panel) => maps.get(panel);

export function start(root) {
  for (const panel of root.querySelectorAll("[data-map]")) {
    if (panel.dataset.ready) continue;
    panel.dataset.ready = "yes";
    // A map is heavy: it is loaded when it comes into view.
    new IntersectionObserver((seen, observer) => {
      if (!seen.some((entry) => entry.isIntersecting)) return;
      observer.disconnect();
      setUp(panel).catch((error) => {
        console.error(error);
        const none = panel.querySelector("[data-map-none]");
        if (none) none.textContent = "地图暂时打不开，请看文字说明的位置。";
        else panel.hidden = true;
      });
    }, { rootMargin: "200px" }).observe(panel);
  }
}
