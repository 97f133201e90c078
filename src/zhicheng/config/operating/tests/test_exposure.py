from ipaddress import ip_network

import pytest

from zhicheng.config.operating.exposure import examine_exposure

PROXY = (ip_network("10.1.2.3"),)


def states(*, demo: bool = False) -> dict[str, str]:
    checks = list(examine_exposure(demo=demo))
    assert all(check.advice for check in checks if check.state != "ok")
    return {check.name: check.state for check in checks}


class TestExamineExposure:
    @pytest.fixture(autouse=True)
    def _production(self, settings):
        settings.SECURE, settings.SECURE_HSTS_SECONDS = True, 31_536_000
        settings.TRUSTED_PROXIES = PROXY
        settings.ALLOWED_HOSTS = ["127.0.0.1", "city.example.cn"]
        settings.METRICS_TOKEN = "prometheus-42"

    def test_is_content_with_a_city_behind_its_proxy(self):
        assert states() == {"HTTPS": "ok", "可信代理": "ok", "域名": "ok", "指标": "ok"}

    def test_misses_https_where_people_are_served(self, settings):
        settings.SECURE = False
        assert (states(), states(demo=True)) == ({"HTTPS": "warn"}, {"HTTPS": "ok"})

    @pytest.mark.parametrize("trusted", ["", "0.0.0.0/0", "::/0"])
    def test_refuses_to_believe_nobody_or_everybody(self, settings, trusted):
        settings.TRUSTED_PROXIES = (ip_network(trusted),) if trusted else ()
        assert states()["可信代理"] == "fail"
        settings.SECURE = False
        assert states().get("可信代理", "") == ("fail" if trusted else "")

    @pytest.mark.parametrize("hosts", [["127.0.0.1", "localhost"], ["*"]])
    def test_wants_the_names_of_the_city_and_no_others(self, settings, hosts):
        settings.ALLOWED_HOSTS = hosts
        assert states()["域名"] == "fail"

    def test_asks_for_what_is_easily_forgotten(self, settings):
        settings.SECURE_HSTS_SECONDS, settings.METRICS_TOKEN = 0, ""
        assert (states()["HTTPS"], states()["指标"]) == ("warn", "warn")
