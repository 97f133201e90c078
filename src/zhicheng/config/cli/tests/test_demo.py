import argparse

import pytest

from zhicheng.config.cli.demo import run_code
from zhicheng.core.parties.public import present_totp
from zhicheng.kit import clock
from zhicheng.web.signin.tests.conftest import PHONE, _own_folders, hire, sms_code  # noqa: F401  # a fixture, used by being here


def run(user):
    return run_code(argparse.Namespace(user=user))


class TestDemoCode:
    def test_prints_the_code_of_a_demo_official(self, capsys):
        hire("chen.wei")
        at = clock.now()
        with clock.frozen(at):
            assert run("chen.wei") == 0
        assert capsys.readouterr().out.strip() == present_totp("chen.wei", now=at)

    def test_prints_the_last_code_of_a_telephone(self, client, settings, capsys):
        client.post("/signin/", {"phone": PHONE})
        capsys.readouterr()  # the log of the request
        assert run("+86 138 1234 1234") == 0
        assert capsys.readouterr().out.strip() == sms_code(settings)

    @pytest.mark.parametrize("user", ["real.official", "nobody", "13900139000"])
    def test_has_nothing_for_others(self, capsys, user):
        hire("real.official", demo=False)
        assert run(user) == 1
        assert capsys.readouterr().err
