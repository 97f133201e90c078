"""Proving who I am, as a browser sees it."""

import pytest
from django.test import Client

from zhicheng.core.parties.public import write_demo_proofs
from zhicheng.web.signin.tests.conftest import hire, sign_in_official, sign_in_resident

ADDRESS = "/account/identity/"
NUMBER = "110101199003078291"
FANG = {"name": "王小芳", "id_number": NUMBER}


@pytest.fixture(autouse=True)
def _provable(settings, tmp_path):
    settings.HOME = tmp_path
    write_demo_proofs([("王小芳", NUMBER)])


class TestIdentity:
    def test_is_for_residents_who_are_signed_in(self, client):
        assert client.get(ADDRESS)["Location"] == f"/signin/?next={ADDRESS}"
        assert client.post(ADDRESS, FANG).status_code == 302
        hire("chen.wei")
        chen = Client()
        sign_in_official(chen)
        assert chen.get(ADDRESS)["Location"] == "/account/"
        assert chen.post(ADDRESS, FANG)["Location"] == "/account/"
        assert chen.post(f"{ADDRESS}release/").status_code == 403

    def test_says_that_it_is_a_demonstration(self, client, settings):
        sign_in_resident(client, settings)
        assert "不是真实核验" in client.get(ADDRESS).content.decode()

    def test_proves_then_shows_it_masked(self, client, settings):
        sign_in_resident(client, settings)
        assert "还没有认证" in client.get("/account/").content.decode()
        assert client.post(ADDRESS, FANG)["Location"] == ADDRESS
        page = client.get(ADDRESS).content.decode()
        assert [words for words in ("110***********8291", "王**", "演示核验") if words not in page] == []
        assert NUMBER not in page
        assert "已认证" in client.get("/account/").content.decode()

    def test_goes_back_to_where_one_came_from(self, client, settings):
        sign_in_resident(client, settings)
        assert client.post(ADDRESS, {**FANG, "next": "/my/"})["Location"] == "/my/"
        assert client.post(ADDRESS, {**FANG, "next": "https://evil.example/"})["Location"] == ADDRESS

    @pytest.mark.parametrize(
        ("changed", "words"),
        [
            ({"name": ""}, "请填写姓名"),
            ({"id_number": ""}, "请填写身份证号码"),
            ({"id_number": "123"}, "应为 18 位"),
            ({"name": "王小芬"}, "对不上"),
        ],
    )
    def test_says_what_is_wrong_and_keeps_what_was_typed(self, client, settings, changed, words):
        sign_in_resident(client, settings)
        answer = client.post(ADDRESS, {**FANG, **changed})
        assert answer.status_code == 422
        page = answer.content.decode()
        assert words in page
        assert all(f'value="{text}"' in page for text in {**FANG, **changed}.values() if text)

    def test_is_not_tried_for_ever(self, client, settings):
        sign_in_resident(client, settings)
        wrong = {**FANG, "name": "王小芬"}
        assert [client.post(ADDRESS, wrong).status_code for _ in range(6)] == [422] * 5 + [429]
        answer = client.post(ADDRESS, FANG)
        assert answer.status_code == 429
        assert "15 分钟" in answer.content.decode()

    def test_says_when_nobody_can_be_asked(self, client, settings, tmp_path):
        (tmp_path / "demo" / "identity-proofs.json").unlink()
        sign_in_resident(client, settings)
        answer = client.post(ADDRESS, FANG)
        assert answer.status_code == 503
        assert "没有答复" in answer.content.decode()

    def test_keeps_a_proven_name_and_is_ended_by_its_owner(self, client, settings):
        sign_in_resident(client, settings)
        client.post(ADDRESS, FANG)
        assert client.post("/account/name/", {"name": "张三"}).status_code == 422
        assert client.get(f"{ADDRESS}release/").status_code == 405
        assert client.post(f"{ADDRESS}release/").status_code == 302
        assert "还没有认证" in client.get("/account/").content.decode()
        assert client.post("/account/name/", {"name": "张三"}).status_code == 302
