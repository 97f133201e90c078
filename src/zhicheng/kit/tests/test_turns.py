"""Turns of many, some of which fail."""

import pytest

from zhicheng.kit.turns import each_in_turn


class TestEachInTurn:
    def test_sums_what_was_done(self):
        assert each_in_turn([1, 2, 3], lambda number: number, (ValueError,)) == 6

    def test_gives_all_their_turn_before_the_first_fault_is_raised(self):
        seen = []

        def act(word: str) -> int:
            seen.append(word)
            return int(word)

        with pytest.raises(ValueError, match="'b'") as raised:
            each_in_turn(["1", "b", "c", "2"], act, (ValueError,))
        assert seen == ["1", "b", "c", "2"]
        assert [note.split()[:2] for note in raised.value.__notes__] == [["at", "b"], ["and", "ValueError:"]]

    def test_stops_at_what_is_no_fault(self):
        seen = []
        with pytest.raises(TypeError):
            each_in_turn([1, None, 2], lambda number: seen.append(number) or number + 1, (ValueError,))
        assert seen == [1, None]
