"""Making an appeal in the portal, without an account and without a script."""

import io
import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from zhicheng.apps.appeals.public import get_appeal
from zhicheng.apps.appeals.tests.town import EAST, NOISE, NOW, SAID, Attachment, Case, browser, citizen, sent
from zhicheng.apps.disclosure.tests.requests import in_hand
from zhicheng.kit.ids import case_number

pytestmark = pytest.mark.usefixtures("monday")
FORM = {
    "text": SAID[NOISE],
    "longitude": str(EAST[0]),
    "latitude": str(EAST[1]),
    "place": "",
    "contact": "anonymous",
    "idempotency_key": "form-0001",
}


def send(client, **changed):
    return client.post("/appeals/new/", {**FORM, **changed})


def picture(name: str = "工地.png") -> SimpleUploadedFile:
    out = io.BytesIO()
    Image.new("RGB", (8, 8), "orange").save(out, "PNG")
    return SimpleUploadedFile(name, out.getvalue())


class TestNew:
    def test_offers_a_form_with_a_key_of_its_own(self, client):
        keys = {client.get("/appeals/new/").context["idempotency_key"] for _ in range(2)}
        assert len(keys) == 2

    def test_begins_with_the_words_of_a_search(self, client):
        words = "<b>下水道堵了</b>"
        page = client.get("/search/", {"q": words})
        form = client.get(page.context["new_url"]).content.decode()
        assert "&lt;b&gt;下水道堵了&lt;/b&gt;</textarea>" in form
        assert words not in form

    def test_says_beside_the_place_that_its_words_are_too_many(self, client):
        page = client.post("/appeals/new/", {"text": SAID, "contact": "anonymous", "place": "桥" * 201})
        assert (page.status_code, list(page.context["errors"])) == (422, ["place"])

    def test_sends_and_shows_number_code_unit_and_clocks(self, client):
        assert send(client)["Location"] == "/appeals/sent/"
        page = client.get("/appeals/sent/")
        case = Case.objects.get()
        assert (page.context["appeal"]["number"], len(page.context["appeal"]["secret"])) == (case.number, 8)
        assert page.context["appeal"]["secret"] in page.content.decode()
        assert {clock["label"] for clock in page.context["clocks"]} == {"10 分钟响应", "30 分钟反馈", "办理时限"}

    def test_sends_once_however_often_the_button_is_pressed(self, client):
        answers = [send(client, photos=[picture()]) for _ in range(2)]
        assert [answer["Location"] for answer in answers] == ["/appeals/sent/"] * 2
        assert client.get("/appeals/sent/").context["appeal"]["number"] == Case.objects.get().number

    def test_refuses_another_appeal_under_the_same_key(self, client):
        send(client)
        page = send(client, text="另一件完全不同的事情，请看")
        assert page.status_code == 422
        assert Case.objects.count() == 1
        again = send(client, text="另一件完全不同的事情，请看", idempotency_key=page.context["idempotency_key"])
        assert again.context["similar"], "the form brings a new key, so that the next press goes on"

    def test_shows_no_code_to_somebody_signed_in(self):
        client = browser(citizen())
        send(client, contact="named")
        assert client.get("/appeals/sent/").context["appeal"]["secret"] == ""
        assert Case.objects.get().requester_id is not None

    def test_keeps_a_photo(self, client):
        send(client, photos=[picture(), picture("二.png")])
        assert Attachment.objects.filter(case=Case.objects.get()).count() == 2

    def test_tells_everything_that_is_wrong_at_once_and_keeps_what_was_typed(self, client):
        page = send(client, text="吵", contact="named", phone="", longitude="0", name="王" * 61)
        assert page.status_code == 422
        assert set(page.context["errors"]) == {"text", "phone", "place", "name"}
        again = send(client, text="吵", contact="named", phone="12", name="王" * 61)
        assert set(again.context["errors"]) == {"text", "phone", "name"}
        assert "王" * 61 in again.content.decode()

    @pytest.mark.parametrize(
        ("changed", "field"),
        [
            ({"longitude": "east"}, "place"),
            ({"latitude": ""}, "place"),
            ({"photos": [SimpleUploadedFile("a.png", b"not a picture")]}, "photos"),
            ({"photos": [SimpleUploadedFile(f"{n}.png", b"x") for n in range(4)]}, "photos"),
        ],
    )
    def test_says_beside_the_field_what_is_wrong(self, client, changed, field):
        page = send(client, **changed)
        assert (page.status_code, list(page.context["errors"])) == (422, [field])
        assert Case.objects.count() == 0


class TestSimilar:
    @pytest.fixture
    def known(self):
        return sent()

    def draft(self, client, **changed) -> str:
        page = send(client, **changed)
        assert page.status_code == 200
        return page.context["draft"]

    def test_asks_before_the_same_problem_is_opened_twice(self, client, known):
        page = send(client)
        assert [found["number"] for found in page.context["similar"]] == [known.number]
        assert Case.objects.count() == 1

    def test_joins_the_other_one(self, client, known):
        answer = client.post("/appeals/similar/", {"draft": self.draft(client), "join": known.number})
        assert answer["Location"] == "/appeals/sent/"
        assert client.get("/appeals/sent/").context["appeal"]["joined"]
        assert (get_appeal(known.case_id).supporters, Case.objects.count()) == (1, 1)

    def test_joins_nobody_to_a_case_of_another_kind(self, client, known):
        draft, asked = self.draft(client), in_hand()
        assert client.post("/appeals/similar/", {"draft": draft, "join": asked.number}).status_code == 302
        assert sorted(Case.objects.values_list("process", flat=True)) == ["appeal", "appeal", "disclosure"]

    def test_joins_once(self, client, known):
        draft = self.draft(client)
        answers = [client.post("/appeals/similar/", {"draft": draft, "join": known.number}) for _ in range(2)]
        assert [answer.status_code for answer in answers] == [302, 409]

    def test_goes_on_with_the_photos(self, client, known):
        draft = self.draft(client, photos=[picture()])
        assert client.post("/appeals/similar/", {"draft": draft})["Location"] == "/appeals/sent/"
        assert Case.objects.count() == 2
        assert Attachment.objects.filter(case=Case.objects.exclude(number=known.number).get()).count() == 1

    def test_opens_a_new_one_when_the_other_has_ended_meanwhile(self, client, known):
        draft = self.draft(client)
        Case.objects.filter(number=known.number).update(final=True)
        client.post("/appeals/similar/", {"draft": draft, "join": known.number})
        assert Case.objects.count() == 2

    @pytest.mark.parametrize("draft", ["", "forged", "eyJ4IjoxfQ:1abc:def"])
    def test_does_not_believe_a_forged_draft(self, client, draft):
        assert client.post("/appeals/similar/", {"draft": draft}).status_code == 422
        assert Case.objects.count() == 0


class TestSent:
    def test_leads_to_following_without_a_receipt(self, client):
        assert client.get("/appeals/sent/")["Location"] == "/appeals/follow/"

    def test_can_be_opened_again_in_the_same_browser_only(self, client):
        send(client)
        assert client.get("/appeals/sent/").status_code == client.get("/appeals/sent/").status_code == 200
        assert browser().get("/appeals/sent/").status_code == 302


class TestSearch:
    def test_opens_what_a_number_names(self, client):
        assert client.get("/search/", {"q": sent().number.lower()})["Location"].startswith("/appeals/YX260302")

    def test_takes_a_mistyped_number_for_words(self, client):
        number = case_number("YX", NOW)
        wrong = number[:-1] + ("0" if number[-1] != "0" else "1")
        assert client.get("/search/", {"q": wrong}).status_code == 200

    def test_shows_items_and_starts_an_appeal_with_the_words(self, client):
        page = client.get("/search/", {"q": "停水"})
        assert "停水" in [item["label"] for item in page.context["items"]]
        assert re.match(r"/appeals/new/\?text=%E5%81%9C", page.context["new_url"])

    def test_goes_home_without_words(self, client):
        assert client.get("/search/", {"q": "  "})["Location"] == "/"
