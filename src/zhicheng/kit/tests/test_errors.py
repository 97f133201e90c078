import pytest

from zhicheng.kit.errors import ErrorKind, FieldErrors, ZhichengError
from zhicheng.kit.registry import Registry


class LampBroken(ZhichengError):
    code = "lamps.broken"
    kind = ErrorKind.CONFLICT
    message = "路灯 {number} 坏了，{person}会来修。"


class TestZhichengError:
    def test_says_its_sentence_with_the_data(self):
        error = LampBroken(number=7, person="陈伟")
        assert (str(error), error.data["number"]) == ("路灯 7 坏了，陈伟会来修。", 7)

    def test_leaves_a_missing_placeholder_visible_rather_than_failing(self):
        assert str(LampBroken(number=7)) == "路灯 7 坏了，{person}会来修。"

    def test_is_harmless_with_braces_in_the_data(self):
        assert str(LampBroken(number="{person}", person="{0.__class__}")) == "路灯 {person} 坏了，{0.__class__}会来修。"

    def test_kinds_are_http_statuses(self):
        assert all(400 <= kind.value < 600 for kind in ErrorKind)


class TestFieldErrors:
    def test_counts_fields_and_keeps_their_sentences(self):
        error = FieldErrors({"text": ["太短"], "place": ["不在本市", "缺少纬度"]})
        assert str(error) == "有 2 处需要修改。"
        assert error.fields["place"] == ["不在本市", "缺少纬度"]
        assert error.kind is ErrorKind.UNPROCESSABLE


class TestRegistry:
    def test_keeps_the_order_and_refuses_a_second_of_one_name(self):
        doors: Registry[int] = Registry("door")
        for number, code in enumerate(("sms", "mail", "app")):
            doors.add(code, number)
        assert (list(doors), doors.codes(), len(doors), "mail" in doors) == ([0, 1, 2], ["sms", "mail", "app"], 3, True)
        with pytest.raises(ValueError, match="registered twice"):
            doors.add("sms", 9)
        assert doors["sms"] == 0

    @pytest.mark.parametrize("code", ["", "x" * 65])
    def test_refuses_a_name_that_is_none(self, code):
        with pytest.raises(ValueError, match="1 to 64"):
            Registry("door").add(code, 1)

    def test_names_what_it_knows(self):
        doors: Registry[int] = Registry("door")
        with pytest.raises(KeyError, match="known: none"):
            doors["sms"]
        doors.add("mail", 1)
        with pytest.raises(KeyError, match="known: mail"):
            doors["sms"]
