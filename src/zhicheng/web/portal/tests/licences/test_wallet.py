"""The wallet and the public page, asked from outside: mine for me, nothing for others, an answer for every code."""

import json
import re
from datetime import timedelta

import pytest

from zhicheng.apps.licences.public import present_licence
from zhicheng.apps.licences.tests.town import ID_NUMBER, NOW, browser, citizen, hire, issue
from zhicheng.engines.credentials.compact import pack, unpack
from zhicheng.kit.clock import frozen

pytestmark = pytest.mark.usefixtures("town")


@pytest.fixture
def wang():
    return citizen()


@pytest.fixture
def permit(wang):
    return issue(wang[1])


class TestWallet:
    def test_shows_my_licences_with_a_door_to_each(self, wang, permit):
        page = browser(wang[0].id).get("/my/licences/").content.decode()
        assert "居住证" in page
        assert f"/my/licences/{permit.number}/" in page

    def test_says_what_to_do_when_it_is_empty(self, wang):
        assert "还没有电子证照" in browser(wang[0].id).get("/my/licences/").content.decode()

    def test_is_paged(self, wang):
        for _ in range(21):
            issue(wang[1])
        client = browser(wang[0].id)
        page = client.get("/my/licences/").content.decode()
        (after,) = re.findall(r'href="\?after=([^"]+)"', page)
        assert page.count("wallet__title") == 20
        assert client.get("/my/licences/", {"after": after}).content.decode().count("wallet__title") == 1
        assert client.get("/my/licences/", {"after": "nonsense"}).status_code == 200

    def test_folds_away_what_has_ended(self, wang, permit):
        newer = issue(wang[1], replaces=permit.number)
        page = browser(wang[0].id).get("/my/licences/").content.decode()
        current, ended = page.split("<details", 1)
        assert newer.number in current
        assert permit.number not in current
        assert permit.number in ended
        assert "已过期、吊销或换发的证照（1）" in ended

    def test_can_be_searched_when_there_are_many(self, wang):
        numbers = [issue(wang[1]).number for _ in range(10)]
        client = browser(wang[0].id)
        assert 'role="search"' not in client.get("/my/licences/").content.decode().partition("<main")[2]
        stall = issue(wang[1], "stall_licence", fields={"holder": "李小强", "stall": "甲 1 号", "goods": "豆花"})
        assert 'role="search"' in client.get("/my/licences/").content.decode().partition("<main")[2]
        for words in ("摊位", "李小", stall.number.lower()):
            page = client.get("/my/licences/", {"q": words}).content.decode()
            assert page.count("wallet__title") == 1
            assert stall.number in page
        assert numbers[0] in client.get("/my/licences/", {"q": "居住证"}).content.decode()
        assert "没有找到“驾驶证”" in client.get("/my/licences/", {"q": "驾驶证"}).content.decode()

    def test_asks_who_is_not_signed_in(self, permit):
        for part in (
            "",
            f"{permit.number}/",
            f"{permit.number}/code/",
            f"{permit.number}/file/",
            f"{permit.number}/renew/",
            f"{permit.number}/print/",
        ):
            assert browser().get(f"/my/licences/{part}").headers["Location"].startswith("/signin/")


class TestLicence:
    def test_shows_a_code_that_leads_to_the_public_page(self, wang, permit):
        answer = browser(wang[0].id).get(f"/my/licences/{permit.number}/")
        page = answer.content.decode()
        assert answer.headers["Cache-Control"].startswith("max-age=0")
        assert re.search(r'data-link="http://testserver/verify/#[A-Za-z0-9_-]{200,}"', page)
        assert "<svg" in page
        assert ID_NUMBER in page

    @pytest.mark.parametrize("part", ["", "code/", "file/", "renew/", "print/"])
    def test_of_somebody_else_is_not_there(self, permit, part):
        li = browser(citizen("13800138001")[0].id)
        assert li.get(f"/my/licences/{permit.number}/{part}").status_code == 404
        assert (
            browser(hire("zhao.lei", "supervisor", "YX").account_id)
            .get(f"/my/licences/{permit.number}/{part}")
            .status_code
            == 404
        )

    def test_is_given_as_a_file(self, wang, permit):
        answer = browser(wang[0].id).get(f"/my/licences/{permit.number}/file/")
        assert answer.headers["Content-Type"] == "application/vc"
        assert json.loads(answer.content)["proof"]["cryptosuite"] == "eddsa-jcs-2022"


class TestPaper:
    def test_carries_every_line_and_a_code_that_says_it_is_printed(self, wang, permit):
        page = browser(wang[0].id).get(f"/my/licences/{permit.number}/print/").content.decode()
        assert ID_NUMBER in page
        assert permit.number in page
        assert "<svg" in page
        text = present_licence(wang[1], permit.number, now=NOW, printed=True).text
        client = browser()
        assert [outcome(client, text) for _ in range(2)] == ["printed", "printed"]

    def test_is_good_for_a_month_and_not_beyond_an_end(self, wang, permit):
        text = present_licence(wang[1], permit.number, now=NOW, printed=True).text
        with frozen(NOW + timedelta(days=29)):
            assert outcome(browser(), text) == "printed"
        with frozen(NOW + timedelta(days=31)):
            assert outcome(browser(), text) == "code_expired"
        issue(wang[1], replaces=permit.number)
        assert outcome(browser(), text) == "replaced"

    def test_is_none_for_what_has_ended(self, wang, permit):
        issue(wang[1], replaces=permit.number)
        client = browser(wang[0].id)
        assert client.get(f"/my/licences/{permit.number}/print/").status_code == 409
        assert "print/" not in client.get(f"/my/licences/{permit.number}/").content.decode()


class TestVerify:
    def test_answers_without_scripts(self, wang, permit):
        text = present_licence(wang[1], permit.number, now=NOW).text
        client = browser()
        assert outcome(client, text) == "valid"
        assert outcome(client, text) == "replayed"

    def test_refuses_a_tampered_code(self, wang, permit):
        values, signature = unpack(present_licence(wang[1], permit.number, now=NOW).text)
        values[4]["holder"] = "李**"
        assert outcome(browser(), pack(values, signature)) == "tampered"

    def test_asks_for_something_to_check(self):
        assert browser().post("/verify/check/").status_code == 422

    @pytest.mark.parametrize(
        "address",
        [
            "/verify/trust.json",
            "/verify/worker.js",
            "/licences/issuer",
            "/licences/context",
            "/licences/status/revocation/0",
        ],
    )
    def test_gives_everybody_what_it_needs(self, address):
        answer = browser().get(address)
        assert answer.status_code == 200
        assert "no-store" not in answer.headers["Cache-Control"]

    def test_knows_no_other_list(self):
        assert browser().get("/licences/status/revocation/7").status_code == 404
        assert browser().get("/licences/status/message/0").status_code == 404

    def test_publishes_no_secret(self):
        said = browser().get("/verify/trust.json").content.decode() + browser().get("/licences/issuer").content.decode()
        assert "secret" not in said


def outcome(client, text: str) -> str:
    page = client.post("/verify/check/", {"credential": text}).content.decode()
    return re.search(r'data-outcome="(\w+)"', page)[1]
