// Live devices: one picture of all of them, then what changed every two seconds; a click tells which device it is.
import { ALARM, GONE, Layer, OFFLINE, ONLINE, Rows, UNHEARD, eastward, rgb, southward } from "./devicepoints.js";
import { library, palette } from "./map.js";

const ASK_MS = 2000;
const AGAIN_MS = 5000;
const WORDS = { [ONLINE]: "在线", [OFFLINE]: "离线", [ALARM]: "告警", [UNHEARD]: "未上线" };

function coloursOf(panel) {
  const style = getComputedStyle(panel);
  const named = palette(panel);
  const read = (name) => rgb(style.getPropertyValue(name).trim());
  return {
    states: [read("--ink-2"), read("--success-edge"), read("--warning-edge"), rgb(named.late)], rim: rgb(named.ink),
    scale: Number.parseFloat(getComputedStyle(document.documentElement).fontSize) / 16,
  };
}

async function bytes(address) {
  const answer = await fetch(address, { headers: { Accept: "application/octet-stream" } });
  if (answer.status === 410) return null;
  if (!answer.ok) throw new Error(`${address}: ${answer.status}`);
  return answer.arrayBuffer();
}

// The first picture is asked for while the map is still being made: it has the longer way.
const ahead = new Map();

export function lookAhead(address) {
  const asked = bytes(address);
  asked.catch(() => {});  // whoever takes it hears of it
  ahead.set(address, asked);
}

function first(address) {
  const asked = ahead.get(address);
  ahead.delete(address);
  return asked ?? bytes(address);
}

// The layer of devices of a map: shown or not, kept up to date while it is shown and the page is seen.
class LiveDevices {
  constructor(panel, map, box) {
    Object.assign(this, { panel, map, box, layer: null, timer: 0, asking: false });
    this.words = panel.querySelector("[data-live-words]");
    map.on("click", (event) => this.clicked(event));
    document.addEventListener("city:alarms", () => this.soon(300));
    document.addEventListener("visibilitychange", () => { if (!document.hidden) this.soon(0); });
    document.addEventListener("scene", ({ detail }) => { if (this.layer) { this.layer.shown = this.box.checked && detail !== "areas"; map.triggerRepaint(); } });
  }

  show() {
    if (this.layer) { this.layer.shown = this.box.checked; this.map.triggerRepaint(); }
    for (const part of this.panel.querySelectorAll("[data-live-legend]")) part.hidden = !this.box.checked;
    this.say();
    if (this.box.checked) this.soon(0);
  }

  soon(wait) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.ask(), wait);
  }

  // Once at a time; asked again two seconds after the answer, five after a failure.
  async ask() {
    if (this.asking || document.hidden || !this.box.checked) return;
    this.asking = true;
    let wait = ASK_MS;
    try {
      await (this.layer ? this.follow() : this.begin());
    } catch (error) {
      console.warn(error);
      if (this.words) this.words.textContent = "设备的实时状态暂时取不到，正在重试。";
      wait = AGAIN_MS;
    } finally {
      this.asking = false;
      this.soon(wait);
    }
  }

  async begin() {
    const begun = performance.now();
    const rows = new Rows(await first(this.box.dataset.live));
    if (this.layer) this.layer.replace(rows);
    else {
      this.layer = new Layer(rows, coloursOf(this.panel));
      this.map.addLayer(this.layer, this.map.getLayer("points") ? "points" : undefined);
      this.map.once("render", () => { this.panel.dataset.liveMs = String(Math.round(performance.now() - begun)); });
    }
    this.say();
  }

  async follow() {
    const rows = this.layer.rows;
    const found = await bytes(`${this.box.dataset.live}/changes?since=${rows.epoch.toString(16)}-${rows.sequence}`);
    const news = found && rows.take(found);
    if (!news) return this.begin();
    if (news.placed || news.changed) {
      this.layer.renew(news);
      this.say();
    }
    if (news.alarms) document.dispatchEvent(new CustomEvent("city:alarms-changed"));
    return undefined;
  }

  say() {
    if (!this.words || !this.layer) return;
    const counts = this.layer.rows.tally();
    const total = this.layer.rows.count - counts[GONE];
    const parts = [ONLINE, OFFLINE, ALARM, UNHEARD].filter((state) => counts[state]).map((state) => `${WORDS[state]} ${counts[state].toLocaleString("zh-CN")}`);
    this.words.textContent = this.box.checked ? `感知设备 ${total.toLocaleString("zh-CN")} 台${parts.length ? `：${parts.join("，")}` : ""}` : "";
    this.panel.dataset.liveCount = String(total);
  }

  // The nearest device within a finger's or a pointer's reach; nothing where a case lies there.
  clicked(event) {
    if (!this.layer?.shown || !this.box.checked) return;
    if (this.map.getLayer("points") && this.map.queryRenderedFeatures(event.point, { layers: ["points"] }).length) return;
    const reach = Math.max(matchMedia("(pointer: coarse)").matches ? 18 : 6, this.layer.size() / devicePixelRatio / 2 + 3);
    const row = this.layer.rows.nearest(eastward(event.lngLat.lng), southward(event.lngLat.lat), reach / (512 * 2 ** this.map.getZoom()));
    if (row < 0) return;
    event.preventDefault();
    this.tell(this.layer.rows.thing[row], this.layer.rows.point(row));
  }

  async tell(thing, at) {
    const { Popup } = await library();
    const box = document.createElement("div");
    box.className = "ck-told";
    box.textContent = "正在读取…";
    const popup = new Popup({ closeButton: true, maxWidth: "20rem", offset: 12 }).setLngLat(at).setDOMContent(box).addTo(this.map);
    const answer = await fetch(`/cockpit/devices/${thing}/`, { headers: { Accept: "application/json" } });
    if (!answer.ok) { box.textContent = "这台设备的信息暂时取不到。"; return; }
    box.replaceChildren(...told(await answer.json(), at));
    popup.setDOMContent(box);
  }
}

function told(device, at) {
  const title = document.createElement("strong");
  title.textContent = device.name;
  const list = document.createElement("dl");
  for (const { label, words } of device.facts) {
    const [term, said] = [document.createElement("dt"), document.createElement("dd")];
    [term.textContent, said.textContent] = [label, words];
    list.append(term, said);
  }
  const row = document.createElement("p");
  for (const [words, href] of [["打开设备页", device.url], ["周边有什么", `/workbench/twin/?near=${at[0].toFixed(6)},${at[1].toFixed(6)}`]]) {
    if (!href) continue;
    const link = document.createElement("a");
    [link.href, link.textContent] = [href, words];
    if (row.childNodes.length) row.append(" · ");
    row.append(link);
  }
  return [title, list, row];
}

export const liveDevices = (panel, map, box) => new LiveDevices(panel, map, box);
