"""What looks strange but must be taken, exactly as people wrote it."""

import pytest

from tests.running import City, Visitor

pytestmark = [pytest.mark.running]
TEXTS = {
    "emoji alone": "😡😡😡🔊🌙",
    "family of joined emoji": "👨‍👩‍👧‍👦一家四口被困电梯🛗",
    "rare characters": "𠮷祥里𨋢坏了三天",
    "another script": "The street lamp has been dark for three days",
    "right to left": "مصباح الشارع مكسور منذ ثلاثة أيام",
    "looks like a query": "'; DROP TABLE cases_case; -- 路灯坏了",
    "looks like a page": "<script>alert('灯坏了')</script><b>请派人</b>",
    "looks like a template": "{{ 7*7 }} {% now 'Y' %} 路灯坏了",
}


@pytest.mark.parametrize("text", TEXTS.values(), ids=list(TEXTS))
def test_is_kept_letter_for_letter(city: City, visitor: Visitor, text: str) -> None:
    answer = visitor.post("/api/v1/appeals", json={"text": text})
    assert answer.status_code == 201, answer.text
    stored = city.rows(
        "SELECT a.text FROM appeals_appeal a JOIN cases_case c ON c.id = a.case_id WHERE c.number = %s",
        answer.json()["number"],
    )
    assert stored == [(text,)]


def test_is_shown_as_text_and_never_as_page(city: City, visitor: Visitor) -> None:
    told = visitor.post("/api/v1/appeals", json={"text": TEXTS["looks like a page"]}).json()
    visitor.post("/appeals/follow/", data={"number": told["number"], "code": told["follow_code"]})
    page = visitor.get(f"/appeals/{told['number']}/").text
    assert "&lt;script&gt;alert" in page
    assert "<script>alert" not in page
    queue = city.official("dispatcher").get(f"/workbench/cases/?q={told['number']}").text
    assert told["number"] in queue
    assert "<script>alert" not in queue


def test_control_characters_and_lone_surrogates_are_dropped(city: City, visitor: Visitor) -> None:
    body = b'{"text": "\\u8def\\u706f\\u0000\\u0007\\ud800\\u574f\\u4e86\\u4e09\\u5929"}'
    answer = visitor.post("/api/v1/appeals", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 201
    where = "SELECT a.text FROM appeals_appeal a JOIN cases_case c ON c.id = a.case_id WHERE c.number = %s"
    assert city.rows(where, answer.json()["number"]) == [("路灯坏了三天",)]
