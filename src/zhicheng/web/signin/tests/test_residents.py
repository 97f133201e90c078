import pytest
from django.contrib.sessions.models import Session
from django.test import Client

from zhicheng.web.signin.tests.conftest import PHONE, sign_in_resident, sms_code


class TestSignin:
    def test_asks_for_one_thing_and_works_without_scripts(self, client):
        page = client.get("/signin/?next=/my/messages/").content.decode()
        assert 'name="phone"' in page
        assert 'name="next" value="/my/messages/"' in page
        assert "<h1" in page

    def test_sends_a_code_and_then_signs_in(self, client, settings):
        page = client.post("/signin/", {"phone": "138 1234 1234"}).content.decode()
        assert "138****1234" in page
        answer = client.post("/signin/code/", {"phone": PHONE, "code": sms_code(settings), "next": "/my/messages/"})
        assert (answer.status_code, answer["Location"]) == (302, "/my/messages/")
        assert client.get("/account/").status_code == 200

    def test_keeps_the_number_out_of_the_session(self, client, settings):
        sign_in_resident(client, settings)
        for row in Session.objects.all():
            assert PHONE not in str(row.get_decoded())

    def test_changes_the_session_key(self, client, settings):
        client.session.save()
        session = client.session
        session["cart"] = "kept"
        session.save()
        before = session.session_key
        sign_in_resident(client, settings)
        assert client.session.session_key != before

    def test_shows_what_is_wrong_beside_the_field(self, client):
        answer = client.post("/signin/", {"phone": "12345"})
        assert answer.status_code == 422
        assert "11 位手机号码" in answer.content.decode()
        assert 'value="12345"' in answer.content.decode()

    def test_stays_on_the_code_page_when_asked_too_soon(self, client):
        client.post("/signin/", {"phone": PHONE})
        answer = client.post("/signin/", {"phone": PHONE})
        assert "秒后再试" in answer.content.decode()
        assert 'name="code"' in answer.content.decode()

    def test_answers_a_wrong_code_alike_for_known_and_unknown_numbers(self, client, settings):
        sign_in_resident(client, settings)
        pages = []
        for phone in (PHONE, "13900139000"):
            answer = Client().post("/signin/code/", {"phone": phone, "code": "000000"})
            assert answer.status_code == 422
            pages.append(answer.content.decode().replace(phone, "").count("验证码不对或已失效"))
        assert pages[0] == pages[1] > 0

    @pytest.mark.parametrize(
        "target",
        ["https://evil.example/", "//evil.example/", "/\\evil.example", "javascript:alert(1)", "/signout/", "evil"],
    )
    def test_never_leads_to_another_site(self, client, settings, target):
        assert sign_in_resident(client, settings, next_url=target)["Location"] == "/my/appeals/"

    def test_refuses_a_form_from_elsewhere(self):
        assert Client(enforce_csrf_checks=True).post("/signin/", {"phone": PHONE}).status_code == 403

    def test_limits_requests_of_one_address(self, client, settings):
        settings.RATE_LIMITS = {**settings.RATE_LIMITS, "signin": 2}
        codes = [client.post("/signin/code/", {"phone": PHONE, "code": "1"}, headers={"X-Forwarded-For": "192.0.2.77"})
                 for _ in range(3)]  # fmt: skip
        assert [answer.status_code for answer in codes] == [422, 422, 429]
