// The place field: the pin stands in the middle, the map moves under it; or the device tells where it is.
import { mapOf } from "./map.js";

function setUp(field) {
  const longitude = field.querySelector("[data-place-longitude]");
  const latitude = field.querySelector("[data-place-latitude]");
  const words = field.querySelector("[data-place-words]");
  const panel = field.querySelector("[data-map]");

  const put = (x, y, text) => {
    longitude.value = x.toFixed(6);
    latitude.value = y.toFixed(6);
    if (words) words.textContent = text;
    field.dispatchEvent(new CustomEvent("place", { bubbles: true }));
  };
  const go = (x, y) => panel && mapOf(panel)?.jumpTo({ center: [x, y], zoom: 15 });

  const areaAt = (map) => {
    const rect = map.getCanvas().getBoundingClientRect();
    const found = map.queryRenderedFeatures([rect.width / 2, rect.height / 2], { layers: ["areas-fill"] });
    return found.map((each) => each.properties.name).filter(Boolean)[0];
  };

  panel?.addEventListener("map:ready", (event) => {
    const { map } = event.detail;
    if (longitude.value) go(Number(longitude.value), Number(latitude.value));
    // Only a move made by hand chooses a point; the first view of the map does not.
    map.on("moveend", (move) => {
      if (!move.originalEvent) return;
      const { lng, lat } = map.getCenter();
      const area = areaAt(map);
      put(lng, lat, area ? `已选中图钉处：${area}` : "图钉不在本市范围内，请再移动一下。");
    });
  });

  field.querySelector("[data-place-locate]")?.addEventListener("click", (event) => {
    const button = event.currentTarget;
    if (!navigator.geolocation) { if (words) words.textContent = "这台设备不能定位，请写地址。"; return; }
    button.setAttribute("aria-busy", "true");
    if (words) words.textContent = "正在定位…";
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => { button.removeAttribute("aria-busy"); put(coords.longitude, coords.latitude, "已用您现在的位置，可以拖动地图微调。"); go(coords.longitude, coords.latitude); },
      () => { button.removeAttribute("aria-busy"); if (words) words.textContent = "没有得到位置，请写地址或在地图上选。"; },
      { enableHighAccuracy: true, timeout: 10000 },
    );
  });

  field.addEventListener("suggestion", (event) => {
    const { longitude: x, latitude: y } = event.detail;
    if (x && y) { put(Number(x), Number(y), "已按所选地址定位。"); go(Number(x), Number(y)); }
  });
}

export function start(root) {
  for (const field of root.querySelectorAll("[data-place]")) {
    if (field.dataset.ready) continue;
    field.dataset.ready = "yes";
    setUp(field);
  }
}
