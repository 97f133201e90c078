"""The wallet and the public page, asked from outside: mine for me, nothing for others, an answer for every code."""

import json
import re

import pytest

from zhicheng.apps.licences.public import present_licence
from zhicheng.apps.licences.tests.town import ID_NUMBER, NOW, browser, citizen, hire, issue
from zhicheng.engines.credentials.compact import pack, unpack

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

    def test_asks_who_is_not_signed_in(self, permit):
        for part in (
            "",
            f"{permit.number}/",
            f"{permit.number}/code/",
            f"{permit.number}/file/",
            f"{permit.number}/renew/",
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

    @pytest.mark.parametrize("part", ["", "code/", "file/", "renew/"])
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
