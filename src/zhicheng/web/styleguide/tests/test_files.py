"""What templates, style sheets and scripts name must be there, and be said where it is documented."""

import re
from pathlib import Path

import pytest

WEB = Path(__file__).resolve().parents[2]
TEMPLATES = WEB / "templates"
STATIC = WEB / "static"
COMPONENTS = sorted((TEMPLATES / "components").rglob("*.html"))
SPRITE = (STATIC / "vendor/lucide-1.62.0/sprite.svg").read_text(encoding="utf-8")


def _named_icons() -> set[str]:
    """Icons in templates, in samples and in what views hand to components."""
    found = set()
    for suffix, pattern in (
        ("html", r"{% icon \"([a-z0-9-]+)\""),
        ("yaml", r"\bicon: ([a-z0-9-]+)"),
        ("py", r"\"icon\": \"([a-z0-9-]+)\""),
    ):
        for path in WEB.rglob(f"*.{suffix}"):
            found |= set(re.findall(pattern, path.read_text(encoding="utf-8")))
    return found


class TestIcons:
    def test_are_all_in_the_sprite(self) -> None:
        assert {name for name in _named_icons() if f'id="{name}"' not in SPRITE} == set()

    def test_leave_none_in_the_sprite_unpainted(self) -> None:
        assert "stroke=" not in SPRITE


class TestComponent:
    @pytest.mark.parametrize("path", COMPONENTS, ids=lambda path: path.stem)
    def test_says_on_top_what_context_it_takes(self, path: Path) -> None:
        assert path.read_text(encoding="utf-8").startswith(("{#", "{% comment %}"))


class TestStyleSheets:
    @pytest.mark.parametrize("name", ["base", "components", "forms", "portal", "workbench", "cockpit"])
    def test_take_colours_from_tokens(self, name: str) -> None:
        text = (STATIC / f"css/{name}.css").read_text(encoding="utf-8")
        raw = set(re.findall(r"#[0-9a-fA-F]{3,8}\b", text)) - {"#fff", "#16202c"}  # paper under a QR code, map credits
        assert raw == set()

    @pytest.mark.parametrize("name", ["base", "components", "forms", "portal", "workbench", "cockpit"])
    def test_use_only_tokens_that_exist(self, name: str) -> None:
        known = set(re.findall(r"(--[a-z0-9-]+):", "".join(p.read_text() for p in (STATIC / "css").glob("*.css"))))
        text = (STATIC / f"css/{name}.css").read_text(encoding="utf-8")
        assert set(re.findall(r"var\((--[a-z0-9-]+)", text)) - known == set()


class TestScripts:
    def test_every_module_that_main_loads_is_there(self) -> None:
        main = (STATIC / "js/main.js").read_text(encoding="utf-8")
        paths = re.findall(r"\"\./([a-z]+\.js)\"", main)
        assert paths
        assert all((STATIC / "js" / path).is_file() for path in paths)

    def test_are_fetched_only_by_pages_that_have_their_hooks(self) -> None:
        main = (STATIC / "js/main.js").read_text(encoding="utf-8")
        assert re.findall(r"^import\b.*", main, re.MULTILINE) == []

    @pytest.mark.parametrize("path", sorted((STATIC / "js").glob("*.js")), ids=lambda path: path.stem)
    def test_are_small_each(self, path: Path) -> None:
        assert path.stat().st_size < 12_000


class TestSheetsOfAPortalPage:
    def test_stay_small_enough_for_a_phone(self) -> None:
        """Every page loads the first ones, and at most one of those that belong to a part of the portal."""
        desks = {"workbench", "cockpit"}  # no resident's page loads these
        frame = {"tokens", "base", "components", "forms", "portal", "print"}
        sizes = {path.stem: path.stat().st_size for path in (STATIC / "css").glob("*.css") if path.stem not in desks}
        most = max(size for name, size in sizes.items() if name not in frame)
        assert sum(sizes[name] for name in frame) + most < 60_000
