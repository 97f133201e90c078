// Drawing shapes on a page's map: rectangle, polygon, circle, by mouse, touch, or coordinates typed in. The shapes go
// along with the form as WKT (several are one: their union), and into its address.
import { mapOf, palette } from "./map.js";

const MOST_POINTS = 120;
const CIRCLE_POINTS = 32;
const METRES = 111195;
const WORDS = "画的范围内的";
const SAID = /画的|所画|框选|圈选|框内|圈内|框里|圈里|画框|选定范围|所选范围|选中的范围|绘制范围|圈出的范围|这里|这片|这个范围|这个圈|这个框|我框的|我圈的/;
const TELLS = {
  rectangle: "在地图上按住一角拖到对角，或者先后点两个角。按 Esc 取消。",
  polygon: "在地图上逐个点出顶点，双击、按回车或点“画完”结束。按 Esc 取消。",
  circle: "在地图上按住圆心向外拖，或者先点圆心再点圆上一点。按 Esc 取消。",
};

const round = (value) => Math.round(value * 1e5) / 1e5;
const squeeze = (latitude) => Math.cos((latitude * Math.PI) / 180);
const closed = (ring) => [...ring, ring[0]];

function box([west, south], [east, north]) {
  return [[west, south], [east, south], [east, north], [west, north]];
}

function circle([x, y], metres) {
  return Array.from({ length: CIRCLE_POINTS }, (_, index) => {
    const turn = (index / CIRCLE_POINTS) * 2 * Math.PI;
    return [x + (Math.cos(turn) * metres) / METRES / squeeze(y), y + (Math.sin(turn) * metres) / METRES];
  });
}

const far = ([x, y], [east, north]) => Math.hypot((east - x) * squeeze(y), north - y) * METRES;
const apart = (one, other) => Math.hypot(one.x - other.x, one.y - other.y) > 8; // pixels: a finger is no needle
const shapeOf = (kind, from, to) => (kind === "circle" ? circle(from, far(from, to)) : box(from, to));

export function toText(rings) {
  if (!rings.length) return "";
  const parts = rings.map((ring) => `((${closed(ring).map(([x, y]) => `${round(x)} ${round(y)}`).join(",")}))`);
  return parts.length === 1 ? `POLYGON${parts[0]}` : `MULTIPOLYGON(${parts.join(",")})`;
}

export function fromText(text) {
  return [...(text || "").matchAll(/\(([^()]+)\)/g)]
    .map(([, ring]) => ring.split(",").map((pair) => pair.trim().split(/\s+/).map(Number)).slice(0, -1))
    .filter((ring) => ring.length > 2 && ring.flat().every(Number.isFinite));
}

class Drawing {
  constructor(root) {
    this.root = root;
    this.form = (root.closest("[data-ask]") ?? document).querySelector("form.search");
    this.question = this.form?.querySelector("input[name=q]");
    this.rings = fromText(root.dataset.shape);
    this.kind = "";
    this.points = [];
    this.field = Object.assign(document.createElement("input"), { type: "hidden", name: "drawn" });
    this.form?.append(this.field);
    this.listen();
    this.keep();
  }

  find(name) { return this.root.querySelector(`[data-draw-${name}]`); }

  say(words) { this.find("says").textContent = words; }

  listen() {
    for (const button of this.root.querySelectorAll("[data-draw-kind]")) button.addEventListener("click", () => this.begin(button.dataset.drawKind));
    this.find("done").addEventListener("click", () => this.finish());
    for (const button of this.root.querySelectorAll("[data-draw-clear]")) button.addEventListener("click", () => this.clear());
    this.find("typed").addEventListener("click", () => this.type());
    document.addEventListener("keydown", (event) => {
      const typing = event.target.closest?.("dialog, input, textarea, select");
      if (event.key === "Escape" && !event.defaultPrevented && (this.kind || !typing)) this.escape();
      if (event.key === "Enter" && this.kind === "polygon" && event.target === this.map?.getCanvas()) this.finish();
    });
  }

  attach(map, colours) {
    this.map = map;
    map.addSource("drawn", { type: "geojson", data: this.data() });
    map.addLayer({ id: "drawn-fill", type: "fill", source: "drawn", paint: { "fill-color": colours.warning, "fill-opacity": 0.18 } });
    map.addLayer({ id: "drawn-line", type: "line", source: "drawn", paint: { "line-color": colours.warning, "line-width": 3 } });
    map.addLayer({ id: "drawn-point", type: "circle", source: "drawn", filter: ["==", ["geometry-type"], "Point"], paint: { "circle-color": colours.warning, "circle-radius": 5 } });
    map.on("click", (event) => this.click(event));
    map.on("dblclick", (event) => { if (this.kind) { event.preventDefault(); this.finish(); } });
    for (const name of ["mousedown", "touchstart"]) map.on(name, (event) => this.press(event));
    for (const name of ["mousemove", "touchmove"]) map.on(name, (event) => this.move(event));
    for (const name of ["mouseup", "touchend"]) map.on(name, (event) => this.release(event));
  }

  begin(kind) {
    if (!this.map) return this.say("地图还没有打开，请稍等，或者输入坐标。");
    this.stop();
    this.kind = kind;
    this.map.getCanvas().style.cursor = "crosshair";
    if (kind !== "polygon") {
      this.map.dragPan.disable();
      this.map.getCanvasContainer().style.touchAction = "none";
    }
    this.find("done").hidden = kind !== "polygon";
    this.say(TELLS[kind]);
    this.map.getCanvas().focus({ preventScroll: true });
  }

  press(event) {
    if (this.kind !== "rectangle" && this.kind !== "circle") return;
    if (event.originalEvent.touches?.length > 1) return;
    event.preventDefault();
    this.pressed = event.point;
    if (!this.points.length) {
      this.points = [event.lngLat.toArray()];
      this.from = event.point;
    }
  }

  move(event) {
    if (!this.kind || !this.points.length) return;
    this.show(event.lngLat.toArray());
  }

  release(event) {
    if (!this.pressed || !this.points.length) return;
    const moved = apart(event.point, this.pressed), away = this.waiting && apart(event.point, this.from);
    this.pressed = undefined;
    const to = event.lngLat.toArray();
    if (moved || away) this.add(shapeOf(this.kind, this.points[0], to));
    else this.waiting = true;
  }

  click(event) {
    if (this.kind !== "polygon") return;
    const point = event.lngLat.toArray();
    const near = (corner) => !apart(this.map.project(corner), event.point);
    if (this.points.length > 2 && near(this.points[0])) return this.finish();
    if (!this.points.length || !near(this.points.at(-1))) this.points.push(point);
    this.show();
  }

  finish() {
    if (this.kind !== "polygon") return;
    if (this.points.length < 3) return this.say("至少要三个顶点，请接着点。");
    this.add(this.points);
  }

  add(ring) {
    const count = this.rings.reduce((sum, each) => sum + each.length, ring.length);
    this.stop();
    if (count > MOST_POINTS) return this.say(`所有范围加起来最多${MOST_POINTS}个顶点，这一块没有加上，请画得简单些。`);
    this.rings.push(ring);
    this.keep();
    this.say(`已画${this.rings.length}块范围${this.rings.length > 1 ? "，合在一起算" : ""}。可以接着画，或者提问。`);
    if (this.question && !SAID.test(this.question.value)) this.question.value = WORDS + this.question.value;
  }

  type() {
    const kind = this.find("typed-kind").value;
    const points = [...this.find("typed-points").value.matchAll(/(-?\d+(?:\.\d+)?)\s*[,，\s]\s*(-?\d+(?:\.\d+)?)/g)].map(([, x, y]) => [Number(x), Number(y)]);
    if (points.some(([x, y]) => Math.abs(x) > 180 || Math.abs(y) > 90)) return this.say("经度在 -180 到 180 之间，纬度在 -90 到 90 之间，先写经度。");
    const metres = Number(this.find("typed-metres").value);
    if (kind === "circle") return points.length === 1 && metres > 0 ? this.add(circle(points[0], metres)) : this.say("圆要一个圆心坐标和半径（米）。");
    if (kind === "rectangle") return points.length === 2 ? this.add(box(points[0], points[1])) : this.say("矩形要两个对角的坐标。");
    return points.length > 2 ? this.add(points) : this.say("多边形至少要三个顶点的坐标。");
  }

  escape() {
    if (this.kind) { this.stop(); this.say("已取消。"); } else if (this.rings.length) this.clear();
  }

  clear() {
    this.stop();
    this.rings = [];
    this.keep();
    if (this.question?.value.startsWith(WORDS)) this.question.value = this.question.value.slice(WORDS.length);
    this.say("已清除画的范围。");
  }

  stop() {
    this.kind = "";
    this.points = [];
    this.pressed = this.waiting = undefined;
    this.find("done").hidden = true;
    if (!this.map) return;
    this.map.dragPan.enable();
    this.map.getCanvasContainer().style.touchAction = "";
    this.map.getCanvas().style.cursor = "";
    this.show();
  }

  keep() {
    this.field.value = toText(this.rings);
    this.field.disabled = !this.rings.length;
    for (const each of this.root.querySelectorAll("[data-draw-clear]")) (each.closest("[data-draw-chip]") ?? each).hidden = !this.rings.length;
    this.find("count").textContent = this.rings.length > 1 ? `画的范围（${this.rings.length} 块）` : "画的范围";
    this.show();
  }

  data(next) {
    const points = next && this.kind ? [...this.points, next] : this.points;
    const begun = this.kind === "polygon" || points.length < 2 ? points : shapeOf(this.kind, points[0], points[1]);
    const rings = begun.length > 2 ? [...this.rings, begun] : this.rings;
    const features = rings.map((ring) => ({ type: "Feature", properties: {}, geometry: { type: "Polygon", coordinates: [closed(ring)] } }));
    for (const point of this.points) features.push({ type: "Feature", properties: {}, geometry: { type: "Point", coordinates: point } });
    if (begun.length === 2) features.push({ type: "Feature", properties: {}, geometry: { type: "LineString", coordinates: begun } });
    return { type: "FeatureCollection", features };
  }

  show(next) { this.map?.getSource("drawn")?.setData(this.data(next)); }
}

export function start(scope) {
  const root = scope.matches?.("[data-draw]") ? scope : scope.querySelector("[data-draw]");
  if (!root || root.dataset.ready) return;
  root.dataset.ready = "yes";
  const panel = root.parentElement.querySelector("[data-map]");
  const drawing = new Drawing(root);
  const attach = () => drawing.attach(mapOf(panel), palette(panel));
  if (panel && mapOf(panel)?.getLayer("areas-name")) attach();
  else panel?.addEventListener("map:ready", attach, { once: true });
}
