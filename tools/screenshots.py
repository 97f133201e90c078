"""Pictures of every page of a running demo city, at 390, 1440 and 1920 px, with an index.html to look through.

    python tools/screenshots.py var/screenshots                            # a city of its own, then the pictures
    python tools/screenshots.py var/screenshots --select docs/screenshots  # and the few that the docs show
    python tools/screenshots.py OUT --city http://127.0.0.1:8000 --home var --only cockpit

Signs in through the real pages: SMS code for residents, password and TOTP for officials. Needs Chromium
(`ZHICHENG_CHROMIUM`, /usr/bin/chromium unless set). Which pages there are: `tools/screenshot_pages.py`.
"""

import argparse
import contextlib
import html
import io
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, BrowserContext, Page, StorageState, sync_playwright
from playwright.sync_api import Error as PlaywrightError

sys.path.insert(0, str(Path(__file__).resolve().parent))
from screenshot_pages import PAGES, SELECTION, Shot

CHROMIUM = os.environ.get("ZHICHENG_CHROMIUM", "/usr/bin/chromium")
FLAGS = ["--headless", "--no-sandbox", "--use-gl=angle", "--use-angle=swiftshader", "--enable-unsafe-swiftshader"]
SIZES = {390: 844, 1440: 900, 1920: 1080, 3840: 2160}
USUAL = (390, 1440, 1920)
COLUMN_PX = 1024  # narrower than this the wall is a column, too
TALLEST = 3  # screens: a longer page is cut
PASSWORD = "Lychee-Park-2026"
COLOURS = 192


@dataclass
class City:
    """Where a running demo city is."""

    url: str
    home: Path

    def run(self, *arguments: str) -> str:
        """The output of a `zhicheng` command in this city."""
        call = "from zhicheng.config.cli import main; raise SystemExit(main())"
        environment = {**os.environ, "ZHICHENG_HOME": str(self.home)}
        command = [sys.executable, "-c", call, *arguments]
        return subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.strip()


class Photographer:
    """Signs in once per person and takes the pages."""

    def __init__(self, city: City, browser: Browser, folder: Path) -> None:
        self._city, self._browser, self._folder = city, browser, folder
        self._kept: dict[str, StorageState] = {}

    def take(self, shot: Shot, width_px: int) -> Path:
        """One picture; its path."""
        context = self._context(width_px, self._signed_in(shot.who))
        page = context.new_page()
        shot.visit(page, self._city.url)
        if shot.act is not None:
            shot.act(page)
        _settle(page, shot.wait_s)
        path = self._folder / f"{shot.name}-{width_px}.png"
        _save(page, path, whole=shot.whole)
        if shot.keep:
            self._kept[shot.keep] = context.storage_state()
        context.close()
        return path

    def _context(self, width_px: int, state: StorageState | None) -> BrowserContext:
        return self._browser.new_context(
            viewport={"width": width_px, "height": SIZES[width_px]},
            storage_state=state,
            locale="zh-CN",
            timezone_id="Asia/Shanghai",
            reduced_motion="reduce",
        )

    def _signed_in(self, who: str) -> StorageState | None:
        if who and who not in self._kept:
            context = self._context(1440, None)
            page = context.new_page()
            sign_in(page, self._city, who)
            self._kept[who] = context.storage_state()
            context.close()
        return self._kept.get(who)


def sign_in(page: Page, city: City, who: str) -> None:
    """A telephone number signs in as a resident, a login name as an official."""
    if who.isdigit():
        page.goto(f"{city.url}/signin/")
        page.fill("[name=phone]", who)
        page.click("main form button")
        page.wait_for_selector("[name=code]")
    else:
        page.goto(f"{city.url}/signin/official/")
        page.fill("[name=login]", who)
        page.fill("[name=password]", PASSWORD)
        page.click("main form button")
        page.wait_for_url("**/signin/totp/**")
    page.fill("[name=code]", city.run("demo", "code", who))
    page.click("main form button")
    page.wait_for_url(lambda url: "/signin/" not in url)


@contextlib.contextmanager
def own_city(home: Path) -> Iterator[City]:
    """A demo city that lives as long as the block."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "ZHICHENG_HOME": str(home), "ZHICHENG_RATE_SIGNIN": "0", "ZHICHENG_RATE_PAGE": "0"}
    environment.pop("DATABASE_URL", None)
    call = "from zhicheng.config.cli import main; raise SystemExit(main())"
    command = [sys.executable, "-c", call, "up", "--demo", "--port", str(port)]
    with (home / "up.log").open("w") as log:
        process = subprocess.Popen(command, env=environment, stdout=log, stderr=log, process_group=0)
    try:
        city = City(f"http://127.0.0.1:{port}", home)
        _wait_for(f"{city.url}/readyz", process)
        yield city
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def _wait_for(url: str, process: "subprocess.Popen[bytes]") -> None:
    deadline = time.monotonic() + 240
    while time.monotonic() < deadline and process.poll() is None:
        with contextlib.suppress(OSError, urllib.error.URLError), urllib.request.urlopen(url, timeout=2) as answer:
            if answer.status == 200:
                return
        time.sleep(0.5)
    raise SystemExit("the city did not start; see up.log in its home")


def _settle(page: Page, wait_s: float) -> None:
    """Pages with live events are never idle: loaded, fonts ready, then a moment for maps."""
    page.wait_for_load_state("load")
    page.evaluate("document.fonts.ready")
    page.wait_for_timeout(wait_s * 1000)


def _save(page: Page, path: Path, *, whole: bool) -> None:
    page.evaluate("scrollTo(0, 0)")  # a link to the text lies above the page, and shows where that is scrolled
    width, height = page.viewport_size["width"], page.viewport_size["height"]
    if whole or width < COLUMN_PX:
        # A window as tall as the page: bars that stick to an edge stand where people see them, not in the middle.
        tall = page.evaluate("document.documentElement.scrollHeight")
        page.set_viewport_size({"width": width, "height": min(max(tall, height), height * TALLEST)})
        page.wait_for_timeout(200)
    taken = Image.open(io.BytesIO(page.screenshot(animations="disabled")))
    taken.convert("RGB").quantize(COLOURS, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE).save(
        path, optimize=True
    )


def write_index(folder: Path, shots: Sequence[Shot]) -> None:
    """All pictures on one page."""
    rows = [
        f"<h2>{html.escape(shot.title)} <small>{shot.name}</small></h2><p>"
        + "".join(
            f'<a href="{shot.name}-{width}.png"><img src="{shot.name}-{width}.png" height="420" loading="lazy"></a> '
            for width in SIZES
            if (folder / f"{shot.name}-{width}.png").exists()
        )
        + "</p>"
        for shot in shots
    ]
    head = "<!doctype html><meta charset=utf-8><title>智城截图</title><style>img{border:1px solid #ccc}</style>"
    (folder / "index.html").write_text(head + "\n".join(rows), encoding="utf-8")


def main() -> int:
    """Take the pictures; 1 when a page could not be taken."""
    options = _options()
    options.dest.mkdir(parents=True, exist_ok=True)
    with contextlib.ExitStack() as stack:
        if options.city:
            city = City(options.city, options.home)
        else:
            home = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="zhicheng-pictures-", dir="/tmp")))
            home.chmod(0o755)
            city = stack.enter_context(own_city(home))
        browser = stack.enter_context(sync_playwright()).chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        failed = _take_all(Photographer(city, browser, options.dest), options.only, options.widths)
        browser.close()
    write_index(options.dest, PAGES)
    if options.select:
        _select(options.dest, options.select)
    return 1 if failed else 0


def _take_all(photographer: Photographer, only: Sequence[str], widths: Sequence[int]) -> int:
    failed = 0
    for shot in PAGES:
        if only and not shot.keep and not any(shot.name.startswith(start) for start in only):
            continue
        for width in widths:
            try:
                photographer.take(shot, width)
            except PlaywrightError as error:
                failed += 1
                print(f"{shot.name} at {width}: {str(error)[:300]}", file=sys.stderr)
        print(shot.name, file=sys.stderr)
    return failed


def _select(source: Path, target: Path) -> None:
    target.mkdir(parents=True, exist_ok=True)
    for name in SELECTION:
        (target / name).write_bytes((source / name).read_bytes())


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dest", type=Path, help="folder of the pictures")
    parser.add_argument("--select", type=Path, help="copy the pictures that the docs show into this folder")
    parser.add_argument("--city", default="", help="address of a demo city that runs already")
    parser.add_argument("--home", type=Path, default=Path("var"), help="ZHICHENG_HOME of that city")
    parser.add_argument("--only", nargs="*", default=[], help="names, or how they begin")
    parser.add_argument("--widths", nargs="*", type=int, default=USUAL, choices=list(SIZES))
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
