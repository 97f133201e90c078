"""The entry of the command line."""

import argparse

import pytest

from zhicheng.config.cli.main import GROUPS, parser


def commands_of(found: argparse.ArgumentParser) -> set[str]:
    return {name for action in found._actions if isinstance(action.choices, dict) for name in action.choices}


class TestParser:
    def test_knows_every_command_when_none_is_named(self):
        assert commands_of(parser()) == set().union(*GROUPS.values())
        assert commands_of(parser("nonsense")) == commands_of(parser())

    @pytest.mark.parametrize("group", list(GROUPS))
    def test_brings_the_module_of_a_command_alone(self, group):
        for command in GROUPS[group]:
            assert commands_of(parser(command)) == GROUPS[group]
