"""The page of the window: 刘洋 takes down who stands before her."""

import pytest
from django.test import Client

from zhicheng.web.workbench.tests.conftest import hire, send, sign_in_resident, signed_in

PAGE = "/workbench/identities/"
SEEN = {
    "phone": "13812341234",
    "name": "王小芳",
    "id_number": "110101199003078291",
    "document": "id_card",
    "reason": "needs_help",
    "seen": "yes",
}


@pytest.fixture
def liu() -> Client:
    hire("liu.yang", "刘洋", role="window_officer")
    return signed_in("liu.yang")


class TestWindow:
    def test_makes_the_account_of_who_stands_there_a_proven_one(self, liu, settings) -> None:
        fang = Client()
        sign_in_resident(fang, settings)
        assert send(liu, PAGE, **SEEN).status_code == 302
        assert "王** 的账号已实名" in liu.get(PAGE).content.decode()
        page = fang.get("/account/identity/").content.decode()
        assert "窗口当面核验" in page
        assert "王**" in page

    def test_says_what_is_missing_and_keeps_what_was_typed(self, liu) -> None:
        answer = send(liu, PAGE, **{**SEEN, "seen": "", "document": ""})
        page = answer.content.decode()
        assert answer.status_code == 422
        assert "请选择核对的证件" in page
        assert "本人不在场的不能登记" in page
        assert 'value="王小芳"' in page

    def test_says_when_the_telephone_has_no_account(self, liu) -> None:
        answer = send(liu, PAGE, **SEEN)
        assert answer.status_code == 422
        assert "还没有登录过" in answer.content.decode()

    def test_makes_nobody_somebody_else(self, liu, settings) -> None:
        sign_in_resident(Client(), settings)
        send(liu, PAGE, **SEEN)
        answer = send(liu, PAGE, **{**SEEN, "name": "李慧", "id_number": "110101198506152399"})
        assert answer.status_code == 409
        assert "已经实名为另一个人" in answer.content.decode()

    @pytest.mark.parametrize("role", ["handler", "call_taker", "supervisor", "system_admin"])
    def test_is_for_window_officers_only(self, role: str) -> None:
        hire("chen.wei", "陈伟", role=role)
        other = signed_in("chen.wei")
        assert other.get(PAGE).status_code == 403
        assert send(other, PAGE, **SEEN).status_code == 403
        assert PAGE not in other.get("/workbench/").content.decode()

    def test_stands_in_the_menu_of_those_who_may(self, liu) -> None:
        assert PAGE in liu.get("/workbench/").content.decode()
