"""Every page and component group is drawn with its sample, and keeps the rules that a content security policy needs."""

import re
from pathlib import Path

import pytest
from django.test import Client

from zhicheng.web.styleguide.groups import GROUPS
from zhicheng.web.styleguide.pages import PAGES, PORTAL

pytestmark = pytest.mark.django_db
SCRIPTS = Path(__file__).resolve().parents[2] / "static/js"

ADDRESSES = [
    "/styleguide/",
    *(f"/styleguide/{group.code}/?theme=dark&letters=big" for group in GROUPS),
    *(f"/styleguide/pages/{name}/" for name in PAGES),
]


@pytest.fixture(params=ADDRESSES)
def html(request: pytest.FixtureRequest) -> str:
    answer = Client().get(request.param)
    assert answer.status_code == 200
    return answer.content.decode()


class TestEveryPage:
    def test_has_no_inline_style_script_or_handler(self, html: str) -> None:
        assert not re.findall(r"<[^>]+\s(?:style|on[a-z]+)=", html)
        assert all("src=" in tag for tag in re.findall(r"<script[^>]*>", html))

    def test_names_its_language_title_and_main_part(self, html: str) -> None:
        assert '<html lang="zh-Hans"' in html
        assert re.search(r"<title>\S[^<]*智城</title>", html)
        assert html.count("<main ") == 1
        assert html.count("<h1") == 1

    def test_protects_every_form_that_changes_something(self, html: str) -> None:
        for form in re.findall(r"<form[^>]*method=\"post\".*?</form>", html, re.DOTALL):
            assert "csrfmiddlewaretoken" in form

    def test_gives_each_id_once(self, html: str) -> None:
        ids = re.findall(r"\sid=\"([^\"]+)\"", html)
        assert sorted(ids) == sorted(set(ids))

    def test_leaves_no_half_width_punctuation_between_chinese_words(self, html: str) -> None:
        text = re.sub(r"<[^>]+>", "\n", html)
        assert not re.findall(r"[\u4e00-\u9fff][,;:?!][\u4e00-\u9fff]", text)

    def test_weighs_less_than_40_kilobytes(self, html: str) -> None:
        assert len(html.encode()) < 40_000


class TestScriptsOfAPage:
    """What main.js fetches for a page that is really drawn."""

    @pytest.mark.parametrize("name", [name for name, sample in PAGES.items() if sample.face == PORTAL])
    def test_stay_small_enough_for_a_phone(self, name: str) -> None:
        assert sum((SCRIPTS / module).stat().st_size for module in _fetched(name)) < 35_000

    def test_follow_the_hooks_on_the_page(self) -> None:
        assert {"photos.js", "place.js", "map.js"} <= _fetched("appeal_new")
        assert _fetched("messages").isdisjoint({"photos.js", "place.js", "map.js", "picker.js", "queue.js"})


def _fetched(name: str) -> set[str]:
    html = Client().get(f"/styleguide/pages/{name}/").content.decode()
    names = {*re.findall(r"js/([a-z-]+\.js)", html)}
    for hooks, module in re.findall(r"\[\"([^\"]+)\", \"\./([a-z]+\.js)\"\]", (SCRIPTS / "main.js").read_text()):
        if any(re.search(rf"[<\s]{hook.strip(' []')}\b", html) for hook in hooks.split(",")):
            names.add(module)
    return names | {part for each in names for part in re.findall(r"\bfrom \"\./(.+?)\"", (SCRIPTS / each).read_text())}


class TestUnknownPage:
    def test_is_not_found(self) -> None:
        assert Client().get("/styleguide/pages/nothing/").status_code == 404
        assert Client().get("/styleguide/nothing/").status_code == 404
