from datetime import UTC, datetime, timedelta

from zhicheng.web.shared.remembered import Remembered

NOON = datetime(2026, 3, 4, 4, tzinfo=UTC)


class TestRemembered:
    def test_counts_once_a_minute_and_says_when(self):
        counted = []
        today = Remembered(lambda at: counted.append(at) or len(counted), timedelta(seconds=60))
        assert today.get(NOON) == (NOON, 1)
        assert today.get(NOON + timedelta(seconds=59)) == (NOON, 1)
        later = NOON + timedelta(seconds=60)
        assert today.get(later) == (later, 2)

    def test_counts_anew_when_told_and_when_time_went_back(self):
        counted = []
        today = Remembered(lambda at: counted.append(at) or len(counted), timedelta(seconds=60))
        today.get(NOON)
        assert today.get(NOON - timedelta(hours=1))[1] == 2
        today.forget()
        assert today.get(NOON - timedelta(hours=1))[1] == 3
