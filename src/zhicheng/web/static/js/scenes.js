// Cockpit scenes: one story at a time; turn by themselves until someone takes over. Also the clock on the wall.
const TURN_S = 20;

export function start(root) {
  const stage = root.querySelector("[data-scenes]");
  if (!stage || stage.dataset.ready) return;
  stage.dataset.ready = "yes";
  // Asked each time: the numbers are fetched again, and with them the scenes are new.
  const all = () => [...stage.querySelectorAll("[data-scene]")];
  const doors = [...document.querySelectorAll("[data-scene-go]")];
  const pause = document.querySelector("[data-scene-pause]");
  let current = Math.max(0, all().findIndex((scene) => scene.dataset.scene === new URLSearchParams(location.search).get("scene")));
  let turning = !matchMedia("(prefers-reduced-motion: reduce)").matches;

  document.addEventListener("presenting", ({ detail }) => { turning = detail; label(); });
  const show = (index) => {
    const scenes = all();
    current = (index + scenes.length) % scenes.length;
    scenes.forEach((scene, at) => { scene.hidden = at !== current; });
    doors.forEach((door) => door.setAttribute("aria-pressed", String(door.dataset.sceneGo === scenes[current].dataset.scene)));
    document.dispatchEvent(new CustomEvent("scene", { detail: scenes[current].dataset.scene, bubbles: false }));
    if (turning && current === 0) document.dispatchEvent(new CustomEvent("scenes:round"));
  };
  const label = () => { if (pause) { pause.querySelector("[data-scene-pause-words]").textContent = turning ? "暂停轮播" : "开始轮播"; } };

  doors.forEach((door) => door.addEventListener("click", () => {
    const found = all().findIndex((scene) => scene.dataset.scene === door.dataset.sceneGo);
    if (found < 0) return;  // nothing to tell of it here
    turning = false;
    label();
    show(found);
  }));
  pause?.addEventListener("click", () => { turning = !turning; label(); });
  const wide = matchMedia("(min-width: 64em)");
  setInterval(() => { if (turning && wide.matches && !document.hidden) show(current + 1); }, TURN_S * 1000);
  // On a phone all scenes stand in one column.
  const arrange = () => { if (wide.matches) show(current); else all().forEach((scene) => { scene.hidden = false; }); };
  wide.addEventListener("change", arrange);
  stage.addEventListener("renewed", arrange);
  arrange();
  label();

  const wall = document.querySelector("[data-wall-clock]");
  if (wall) {
    const tick = () => { wall.textContent = new Date().toLocaleTimeString("zh-CN", { hour: "2-digit", minute: "2-digit", second: "2-digit", hour12: false, timeZone: "Asia/Shanghai" }); };
    setInterval(tick, 1000);
    tick();
  }
}
