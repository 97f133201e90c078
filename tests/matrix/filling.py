"""Applications of the matrix, filled in page by page as a browser without a script sends them."""

import io
import re
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import httpx
from PIL import Image

from tests.running import Visitor, words_of

_MOST_PAGES = 12
_PATIENCE_S = 60.0
_KEPT = re.compile(r'<input(?=[^>]*type="(?:text|tel|date|hidden)")[^>]*name="(\w+)"[^>]*value="([^"]+)"')
_CHECKED = re.compile(r'<input(?=[^>]*checked)[^>]*value="(\w+)"[^>]*name="(\w+)"')


@dataclass(frozen=True)
class Answers:
    """What somebody applies for and says: the fields they type, the registers they agree to, what they hand in."""

    path: str
    fields: Mapping[str, str]
    sources: Sequence[str]
    materials: Sequence[str] = ()


def households(name: str, id_number: str) -> Answers:
    """Water at the price for a large household: no rule decides it, so that a person of the company does."""
    said = {
        "utility": "water",
        "account_number": "0012345678",
        "use_address": "龙岗街道龙岗大道 1 号",
        "people": "5",
        "residents.0.name": name,
        "residents.0.id_number": id_number,
    }
    return Answers("/services/items/water.population/apply/", said, ("profile", "population"))


def talent(district: str) -> Answers:
    """人才引进入户 of somebody whom the rules approve of, who moves into a district."""
    said = {
        "hukou_city_name": "湖南省长沙市",
        "family_moves": "false",
        "category": "education",
        "education": "bachelor",
        "school": "中南大学",
        "graduated_date": "2017-06-30",
        "employed": "true",
        "employer_name": "深圳市某科技有限公司",
        "social_insurance_months": "78",
        "marital_status": "single",
        "hukou_kind": "rural",
        "settle_kind": "talent_collective",
        "settle_district": district,
        "has_criminal_record": "false",
        "promise": "true",
    }
    return Answers("/services/themes/talent_hukou/apply/", said, ("profile", "population"), ("portrait_photo",))


def photo(colour: str = "seagreen", size: tuple[int, int] = (320, 240)) -> bytes:
    """A small photo."""
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "JPEG")
    return out.getvalue()


def begin(visitor: Visitor, path: str) -> str:
    """Begin a form; the id of its draft."""
    answer = visitor.post(path, data={})
    assert answer.status_code == 302, words_of(answer.text)
    return answer.headers["Location"].strip("/").rpartition("/")[2]


def apply_for(visitor: Visitor, answers: Answers) -> str:
    """Fill a form in and submit it; the number of the case."""
    draft = f"/apply/{begin(visitor, answers.path)}"
    page = visitor.get(f"{draft}/prefill/")
    visitor.post(f"{draft}/prefill/", data={"source": list(answers.sources), **_version(page)})
    page = visitor.get(f"{draft}/", follow_redirects=True)
    for _ in range(_MOST_PAGES):
        if "/materials/" in str(page.url):
            break
        page = _fill(visitor, page, answers.fields)
    _hand_in(visitor, f"{draft}/materials/", answers.materials)
    check = visitor.get(f"{draft}/check/")
    done = visitor.post(f"{draft}/check/", data=_version(check))
    assert done.status_code == 302, words_of(done.text)
    return done.headers["Location"].strip("/").rpartition("/")[2]


def _fill(visitor: Visitor, page: httpx.Response, said: Mapping[str, str]) -> httpx.Response:
    """Answer one page: what was fetched stays, the rest is typed."""
    known = {name: value for name, value in _KEPT.findall(page.text) if name not in {"version", "csrfmiddlewaretoken"}}
    chosen = {name: value for value, name in _CHECKED.findall(page.text)}
    typed = {name: value for name, value in said.items() if f'name="{name}"' in page.text}
    form = {**typed, **known, **chosen, **_version(page), "_action": "next"}
    sent = visitor.post(str(page.url), data=form, follow_redirects=True)
    assert sent.url != page.url, f"{page.url}: {re.findall(r'field__error.*?</p>', sent.text)} {words_of(sent.text)}"
    return sent


def _hand_in(visitor: Visitor, path: str, materials: Sequence[str]) -> None:
    """A file for each, in place of what an earlier application left; it is read in the background."""
    for each in materials:
        page = visitor.get(path)
        if f'name="file.{each}"' not in page.text:
            visitor.post(path, data={"_drop": each, **_version(page)})
    files = [(f"file.{each}", ("材料.jpg", photo(), "image/jpeg")) for each in materials]
    sent = visitor.post(path, data={"_action": "next", **_version(visitor.get(path))}, files=files)
    assert sent.status_code == 302, words_of(sent.text)
    until = time.monotonic() + _PATIENCE_S
    while "正在核对" in visitor.get(path).text and time.monotonic() < until:
        time.sleep(0.2)


def _version(page: httpx.Response) -> dict[str, str]:
    found = re.search(r'name="version" value="(\d+)"', page.text)
    return {"version": found[1]} if found else {}
