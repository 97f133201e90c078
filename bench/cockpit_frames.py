"""The outside client of `zhicheng bench cockpit`: a browser before the wall.

What to do comes as JSON on standard input: url, session, seconds, key, detectors (streams that raise an alarm).

    python bench/cockpit_frames.py < plan.json
"""

import http.client
import json
import os
import sys
import time
from typing import Any
from urllib.parse import urlsplit

from playwright.sync_api import Browser, Page, sync_playwright

_FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-sync"]
_WALL = {"width": 1920, "height": 1080}
_WAIT_MS = 60_000
_WARM_S, _GIVE_UP_S = 60.0, 20.0
_MOVE = """async (seconds) => {
  const { mapOf } = await import("/static/js/map.js");
  const map = mapOf(document.querySelector("[data-map=wall]"));
  const begun = performance.now(), between = [];
  let last = 0;
  return new Promise((done) => {
    const step = (now) => {
      if (last) between.push(now - last);
      last = now;
      const t = (performance.now() - begun) / 1000;
      if (t > seconds) { between.sort((a, b) => a - b); done(between); return; }
      const center = [114.05 + 0.15 * Math.sin(t), 22.6 + 0.05 * Math.cos(1.3 * t)];
      map.jumpTo({ center, zoom: 11 + 1.5 * Math.sin(0.7 * t) });
      requestAnimationFrame(step);
    };
    requestAnimationFrame(step);
  });
}"""
_WATCH = """() => {
  const rows = () => document.querySelectorAll("[data-alarm]").length;
  const words = () => document.querySelector("[data-live-words]").textContent;
  const told = () => Number((words().match(/告警 ([0-9,]+)/) || ["", "0"])[1].replace(",", ""));
  const before = [rows(), told()];
  window.seen = [null, null];
  const look = () => [rows(), told()].forEach((count, at) => {
    if (count > before[at]) window.seen[at] ??= Date.now();
  });
  new MutationObserver(look).observe(document.body, { childList: true, subtree: true, characterData: true });
}"""
_RENDERER = """() => {
  const gl = document.createElement("canvas").getContext("webgl2");
  return gl.getParameter(gl.getExtension("WEBGL_debug_renderer_info")?.UNMASKED_RENDERER_WEBGL ?? gl.RENDERER);
}"""
_BYTES = """async () => {
  const answer = await fetch("/live/devices");
  const whole = (await answer.arrayBuffer()).byteLength;
  const packed = Number(answer.headers.get("content-length"));
  const view = new DataView(await (await fetch("/live/devices")).arrayBuffer());
  const since = `${view.getUint32(4, true).toString(16)}-${view.getUint32(8, true)}`;
  const waited = [];
  for (let at = 0; at < 20; at++) {
    const begun = performance.now();
    await (await fetch(`/live/devices/changes?since=${since}`)).arrayBuffer();
    waited.push(performance.now() - begun);
  }
  waited.sort((a, b) => a - b);
  return { snapshot_bytes: packed, unpacked_bytes: whole, changes_ms: Math.round(waited[10] * 10) / 10 };
}"""


def frames(between_ms: list[float]) -> dict[str, Any]:
    """Milliseconds between frames, sorted, in a few figures."""
    count = len(between_ms)
    return {
        "frames": count,
        "p50_ms": round(between_ms[count // 2], 1),
        "p95_ms": round(between_ms[int(count * 0.95)], 1),
        "per_s": round(1000 * count / sum(between_ms), 1),
    }


def opened(browser: Browser, plan: dict[str, Any], query: str) -> Page:
    """The wall in a browser of its own, somebody signed in."""
    context = browser.new_context(viewport=_WALL, base_url=plan["url"], locale="zh-CN", reduced_motion="reduce")
    context.add_cookies([{"name": "sessionid", "value": plan["session"], "url": plan["url"]}])
    page = context.new_page()
    page.goto(f"/cockpit/{query}")
    return page


def send_alarm(plan: dict[str, Any], stream: int) -> float:
    """One reading far above the threshold; when it was sent (seconds since 1970)."""
    at = urlsplit(plan["url"])
    connection = http.client.HTTPConnection(at.hostname or "", at.port, timeout=30)
    sent_s = time.time()
    body = json.dumps({"stream": [stream], "at": [int(sent_s * 1000)], "value": [5.0]})
    headers = {"Authorization": f"Bearer {plan['key']}", "Content-Type": "application/json"}
    connection.request("POST", "/ingest/observations", body=body, headers=headers)
    answer = connection.getresponse()
    said = answer.read()
    if answer.status != 200:
        raise SystemExit(said.decode(errors="replace")[:300])
    connection.close()
    return sent_s


def seen(page: Page, most_s: float) -> tuple[float, float]:
    """When the list and the points showed one alarm more (milliseconds since 1970)."""
    end_s = time.perf_counter() + most_s
    while time.perf_counter() < end_s:
        listed_ms, pointed_ms = page.evaluate("window.seen")
        if listed_ms and pointed_ms:
            return listed_ms, pointed_ms
        time.sleep(0.05)
    raise SystemExit("the alarm did not come")


def alarms(page: Page, plan: dict[str, Any]) -> dict[str, Any]:
    """One detector after the other; the first one is not counted: rules are read and loops compiled for it."""
    shown, recoloured = [], []
    for number, stream in enumerate(plan["detectors"][:5]):
        page.evaluate(_WATCH)
        sent_s = send_alarm(plan, stream)
        listed_ms, pointed_ms = seen(page, _GIVE_UP_S if number else _WARM_S)
        shown.append(round(listed_ms / 1000 - sent_s, 2))
        recoloured.append(round(pointed_ms / 1000 - sent_s, 2))
        time.sleep(1.0)
    return {"alarm_s": max(shown[1:]), "recoloured_s": max(recoloured[1:]), "alarms_s": shown, "points_s": recoloured}


def run(plan: dict[str, Any]) -> dict[str, Any]:
    """The floor, then the devices, then the alarms."""
    chromium = os.environ.get("ZHICHENG_CHROMIUM", "/usr/bin/chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=_FLAGS)
        bare = opened(browser, plan, "?layers=none")
        bare.wait_for_selector("[data-map-none]", state="detached", timeout=_WAIT_MS)
        bare.wait_for_timeout(3000)
        renderer = bare.evaluate(_RENDERER)
        floor = frames(bare.evaluate(_MOVE, plan["seconds"]))
        bare.context.close()
        begun_s = time.perf_counter()
        wall = opened(browser, plan, "")
        wall.wait_for_selector("[data-live-ms]", timeout=_WAIT_MS)
        first_s = round(time.perf_counter() - begun_s, 2)
        wall.wait_for_timeout(3000)
        figures = frames(wall.evaluate(_MOVE, plan["seconds"]))
        wall.evaluate("history.replaceState({}, '', '/cockpit/')")
        sizes = wall.evaluate(_BYTES)
        shown = int(wall.get_attribute("[data-map=wall]", "data-live-count") or 0)
        told = alarms(wall, plan)
        browser.close()
    return {
        "frames_p50_ms": figures["p50_ms"],
        "frames_p95_ms": figures["p95_ms"],
        "floor_p50_ms": floor["p50_ms"],
        "floor_p95_ms": floor["p95_ms"],
        "first_s": first_s,
        **sizes,
        **told,
        "shown": shown,
        "frames": figures,
        "floor": floor,
        "renderer": renderer,
    }


if __name__ == "__main__":
    print(json.dumps(run(json.load(sys.stdin))))
