from datetime import UTC, datetime, timedelta
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zhicheng.kit.clock import frozen, now, parse_instant, words

AT = datetime(2026, 1, 5, 8, 30, tzinfo=UTC)


class TestFrozen:
    def test_holds_the_clock_and_lets_it_go(self):
        with frozen(AT):
            assert now() == AT
            with frozen(AT + timedelta(days=1)):
                assert now() == AT + timedelta(days=1)
            assert now() == AT
        assert abs(now() - datetime.now(UTC)) < timedelta(seconds=5)

    def test_lets_go_after_an_error(self):
        with pytest.raises(KeyError), frozen(AT):
            raise KeyError
        assert now() != AT

    def test_holds_it_for_this_thread_only(self):
        seen = []
        with frozen(AT):
            other = Thread(target=lambda: seen.append(now()))
            other.start()
            other.join()
        assert seen[0] != AT

    def test_refuses_an_instant_without_a_zone(self):
        with pytest.raises(ValueError, match="time zone"), frozen(AT.replace(tzinfo=None)):
            pass


class TestWords:
    @pytest.mark.parametrize(
        ("span", "said"),
        [
            (timedelta(0), "不到 1 分钟"),
            (timedelta(seconds=59.9), "不到 1 分钟"),
            (timedelta(minutes=59, seconds=59), "59 分钟"),
            (timedelta(hours=1), "1 小时"),
            (timedelta(hours=23, minutes=59), "23 小时 59 分"),
            (timedelta(days=1), "1 天"),
            (timedelta(days=2, minutes=59), "2 天"),
            (timedelta(days=400, hours=5), "400 天 5 小时"),
        ],
    )
    def test_say_two_units_at_most(self, span, said):
        assert words(span) == said

    @given(st.timedeltas(timedelta(0), timedelta(days=1000)))
    def test_say_the_same_for_what_is_left_and_what_is_over(self, span):
        assert words(span) == words(-span)


class TestParseInstant:
    @given(st.datetimes(timezones=st.timezones()).filter(lambda at: at.utcoffset() is not None))
    def test_reads_what_was_written(self, at):
        assert parse_instant(at.isoformat()).isoformat() == at.isoformat()

    @pytest.mark.parametrize("text", ["", "2026-01-05", "2026-01-05T08:00:00", "2026-13-05T08:00:00+08:00", "soon"])
    def test_refuses_what_is_none_or_has_no_zone(self, text):
        with pytest.raises(ValueError, match=r"."):
            parse_instant(text)
