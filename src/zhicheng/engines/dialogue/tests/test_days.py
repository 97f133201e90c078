import pytest

from zhicheng.engines.dialogue.days import complete_day, find_days
from zhicheng.engines.dialogue.tests.fixtures import TODAY
from zhicheng.engines.dialogue.wording import read_message


class TestFindDays:
    @pytest.mark.parametrize(
        ("said", "day"),
        [
            ("2023年3月5日", "2023-03-05"),
            ("二〇二三年三月五日", "2023-03-05"),
            ("23.3.5", "2023-03-05"),
            ("98年5月3号", "1998-05-03"),
            ("20230305", "2023-03-05"),
            ("去年三月", "2025-03"),
            ("舊年三月十二號", "2025-03-12"),
            ("上个月底", "2026-10-31"),
            ("上個月尾", "2026-10-31"),
            ("昨天", "2026-11-19"),
            ("尋日", "2026-11-19"),
            ("三个月前", "2026-08-20"),
            ("两年前", "2024"),
            ("上周三", "2026-11-11"),
            ("12月8日", "2025-12-08"),
            ("前年年底", "2024-12-31"),
            ("去年国庆", "2025-10-01"),
        ],
    )
    def test_reads_a_past_day_as_people_say_it(self, said, day):
        assert [one.text for one in find_days(read_message(said), TODAY, lean=-1)] == [day]

    @pytest.mark.parametrize(
        ("said", "day"), [("12月8日", "2026-12-08"), ("3月8日", "2027-03-08"), ("明年6月", "2027-06")]
    )
    def test_reads_a_coming_day_as_people_say_it(self, said, day):
        assert [one.text for one in find_days(said, TODAY, lean=1)] == [day]

    @pytest.mark.parametrize("said", ["三年级", "2023年13月5日", "2023年2月30日", "住在12号", "半年", ""])
    def test_finds_no_day_where_none_was_said(self, said):
        assert find_days(said, TODAY) == []


class TestCompleteDay:
    @pytest.mark.parametrize(
        ("partial", "said", "day"),
        [
            ("2025-03", "12号", "2025-03-12"),
            ("2025-03", "十二", "2025-03-12"),
            ("2025-02", "月底", "2025-02-28"),
            ("2025", "三月十二号", "2025-03-12"),
            ("2025", "三月", "2025-03"),
            ("2025-02", "30号", ""),
            ("2025-02", "不记得", ""),
        ],
    )
    def test_adds_what_was_missing(self, partial, said, day):
        assert complete_day(partial, said) == day
