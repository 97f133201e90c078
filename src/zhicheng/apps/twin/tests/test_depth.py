"""The depth of an application comes from what it calls, and from nothing that is declared."""

from zhicheng.apps.twin.policy.depth import score_of
from zhicheng.apps.twin.values.applications import Depth, Use

LITTLE = Use(10, 0, 2, {"road": 10}, {"features": 10})
MORE = (
    Use(10_000, 0, 2, {"road": 10_000}, {"features": 10_000}),
    Use(10, 0, 20, {"road": 10}, {"features": 10}),
    Use(10, 0, 2, {"road": 5, "building": 5}, {"features": 10}),
    Use(10, 0, 2, {"road": 10}, {"features": 5, "tiles": 5}),
)
EVERYTHING = ["parcel", "building", "unit", "address", "grid", "road", "device", "facility"]


class TestScoreOf:
    def test_an_application_that_calls_nothing_is_nothing(self):
        assert (score_of(Use()).points, score_of(Use()).depth) == (0, Depth.NONE)

    def test_grows_with_each_thing_that_is_used_more(self):
        assert all(score_of(more).points > score_of(LITTLE).points for more in MORE)

    def test_is_the_sum_of_its_parts_and_at_most_a_hundred(self):
        most = Use(10**7, 0, 30, dict.fromkeys(EVERYTHING, 10**6), {"features": 1, "tiles": 1, "download": 1})
        score = score_of(most)
        assert (score.points, score.depth) == (100, Depth.DEEP)
        assert sum(part.points for part in score.parts) == score.points
