from ipaddress import ip_network

import pytest

from zhicheng.config import environment


class TestNetworks:
    def test_are_read_from_addresses_and_ranges(self, monkeypatch):
        monkeypatch.setenv("ZHICHENG_TRUSTED_PROXIES", "10.1.2.3, 192.168.0.7/16,fd00::/8,")
        found = environment.networks("ZHICHENG_TRUSTED_PROXIES")
        assert found == tuple(ip_network(text) for text in ("10.1.2.3/32", "192.168.0.0/16", "fd00::/8"))

    def test_are_none_unless_set(self, monkeypatch):
        monkeypatch.delenv("ZHICHENG_TRUSTED_PROXIES", raising=False)
        assert environment.networks("ZHICHENG_TRUSTED_PROXIES") == ()

    def test_that_are_none_stop_the_start(self, monkeypatch):
        monkeypatch.setenv("ZHICHENG_TRUSTED_PROXIES", "the balancer")
        with pytest.raises(SystemExit, match="ZHICHENG_TRUSTED_PROXIES must be networks"):
            environment.networks("ZHICHENG_TRUSTED_PROXIES")
