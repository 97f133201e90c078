"""Text that is not UTF-8 is refused with a sentence, not kept as gibberish; NUL breaks no page."""

from urllib.parse import urlencode

import pytest

from zhicheng.apps.appeals.tests.town import EAST, Case, browser, user_of

pytestmark = pytest.mark.usefixtures("monday")
FORM = "application/x-www-form-urlencoded"
WORDS = "景田路的路灯坏了三天，晚上很黑"
FIELDS = {"contact": "anonymous", "longitude": EAST[0], "latitude": EAST[1], "idempotency_key": "gbk-0001"}


class TestOtherEncodings:
    @pytest.mark.parametrize(
        "body",
        [
            urlencode({"text": WORDS, **FIELDS}, encoding="gbk").encode(),
            urlencode(FIELDS).encode() + b"&text=" + WORDS.encode("gbk"),
        ],
    )
    def test_of_a_form_are_refused(self, client, body):
        answer = client.post("/appeals/new/", body, content_type=FORM)
        assert (answer.status_code, Case.objects.count()) == (400, 0)
        assert "UTF-8" in answer.content.decode()

    def test_inside_an_upload_form_are_told_at_the_field(self, client):
        parts = [f'--x\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{text}' for name, text in FIELDS.items()]
        said = b'\r\n--x\r\nContent-Disposition: form-data; name="text"\r\n\r\n' + WORDS.encode("gbk")
        body = "\r\n".join(parts).encode() + said + b"\r\n--x--\r\n"
        answer = client.post("/appeals/new/", body, content_type="multipart/form-data; boundary=x")
        assert (answer.status_code, Case.objects.count()) == (422, 0)
        assert "UTF-8" in answer.context["errors"]["text"][0]


class TestNul:
    @pytest.mark.parametrize("path", ["/api/v1/appeals?text=%00", "/api/v1/appeals/%00", "/workbench/cases/?q=%00"])
    def test_in_an_address_is_refused(self, path):
        assert browser(user_of("chen.wei")).get(path).status_code == 400

    def test_in_a_login_name_is_refused(self, client):
        assert client.post("/signin/official/", {"login": "a\x00", "password": "x"}).status_code == 400
