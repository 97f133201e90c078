"""Appeals that cannot be right, by the form and by the API: one clear sentence, the right status, nothing lost."""

import html

import pytest

from tests.badinput.cases import FIELDS, FILES, GOOD, PLACES, TEXTS, Bad, as_form, as_json
from tests.running import Visitor, words_of

pytestmark = [pytest.mark.running, pytest.mark.usefixtures("nothing_stored")]
JSON = {"Content-Type": "application/json"}
UNREADABLE = [
    ("cut off", b'{"text": "x', "application/json", 400),
    ("GBK bytes", '{"text": "路灯坏了三天了"}'.encode("gbk"), "application/json", 400),
    ("GBK said so", '{"text": "路灯坏了三天了"}'.encode("gbk"), "application/json; charset=gbk", 400),
    ("UTF-8 said GBK", b'{"text": "\xff\xfe lamp"}', "application/json; charset=gbk", 400),
    ("a form", b"text=lamp+is+broken", "application/x-www-form-urlencoded", 415),
    ("plain text", b'{"text": "lamp is broken"}', "text/plain", 415),
    ("nothing said", b'{"text": "lamp is broken"}', "", 415),
]


def _named(bad: Bad) -> str:
    return bad.name


@pytest.mark.parametrize("bad", [*TEXTS, *PLACES, *FIELDS], ids=_named)
def test_api_names_the_field_and_what_to_do(visitor: Visitor, bad: Bad) -> None:
    answer = visitor.post("/api/v1/appeals", content=as_json(bad.fields), headers=JSON)
    assert answer.status_code == 422
    assert answer.headers["Content-Type"] == "application/problem+json"
    assert bad.words in "".join(answer.json()["fields"][bad.field])


@pytest.mark.parametrize("bad", [*TEXTS, *PLACES], ids=_named)
def test_form_says_it_and_keeps_what_was_typed(visitor: Visitor, bad: Bad) -> None:
    form = as_form(bad.fields)
    answer = visitor.post("/appeals/new/", data=form)
    assert answer.status_code == 422
    assert bad.words in answer.text
    assert html.escape(form["text"].strip("\n")[:500]) in answer.text
    assert answer.text.count("error-summary") >= 1


@pytest.mark.parametrize(("what", "body", "kind", "status"), UNREADABLE, ids=[row[0] for row in UNREADABLE])
def test_api_says_how_it_wants_to_be_spoken_to(
    visitor: Visitor, what: str, body: bytes, kind: str, status: int
) -> None:
    answer = visitor.post("/api/v1/appeals", content=body, headers={"Content-Type": kind} if kind else {})
    assert answer.status_code == status, what
    assert "JSON" in answer.json()["detail"]


@pytest.mark.parametrize("kind", ["", "; charset=utf-8", "; charset=gbk", "; charset=nonsense"])
def test_form_in_another_encoding_is_refused_not_kept_as_gibberish(visitor: Visitor, kind: str) -> None:
    token = visitor.headers["X-CSRFToken"].encode()
    body = b"csrfmiddlewaretoken=" + token + b"&contact=anonymous&text=%c2%b7%b5%c6%bb%b5%c1%cb%c8%fd%cc%ec%ff"
    headers = {"Content-Type": f"application/x-www-form-urlencoded{kind}", "Accept": "text/html"}
    answer = visitor.post("/appeals/new/", content=body, headers=headers)
    assert answer.status_code in {400, 422}
    assert "UTF-8" in answer.text


@pytest.mark.parametrize(("what", "name", "content", "words"), FILES, ids=[row[0] for row in FILES])
class TestFiles:
    def test_form_refuses_them_and_keeps_the_text(
        self, visitor: Visitor, what: str, name: str, content, words: str
    ) -> None:
        files = {"photos": (name, content(), "image/jpeg")}
        answer = visitor.post("/appeals/new/", data=as_form({}), files=files)
        assert answer.status_code == 422, what
        assert words in answer.text
        assert GOOD in answer.text

    def test_api_refuses_them(self, visitor: Visitor, what: str, name: str, content, words: str) -> None:
        answer = visitor.post("/api/v1/attachments", files={"file": (name, content(), "image/jpeg")})
        assert answer.status_code in {413, 422}, what
        assert words in str(answer.json())


class TestLimits:
    def test_refuse_a_body_that_is_larger_than_any_form(self, visitor: Visitor) -> None:
        answer = visitor.post("/api/v1/attachments", files={"file": ("a.jpg", bytes(90_000_000), "image/jpeg")})
        assert answer.status_code == 413
        assert "太大" in answer.text

    def test_refuse_three_megabytes_of_words(self, visitor: Visitor) -> None:
        answer = visitor.post("/appeals/new/", data=as_form({"text": "路" * 1_200_000}))
        assert answer.status_code == 413
        assert "请缩短后再试" in words_of(answer.text)

    def test_refuse_four_photos_in_a_form_for_three(self, visitor: Visitor) -> None:
        files = [("photos", (f"{number}.jpg", b"x", "image/jpeg")) for number in range(4)]
        answer = visitor.post("/appeals/new/", data=as_form({}), files=files)
        assert answer.status_code == 422
        assert "最多 3 个文件" in answer.text
