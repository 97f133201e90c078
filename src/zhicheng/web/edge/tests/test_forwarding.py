"""Whom a proxy speaks for, and who is believed to be a proxy."""

from ipaddress import ip_network

import pytest
from django.test import Client

from zhicheng.web.edge import limits
from zhicheng.web.edge.forwarding import Caller, Claims, caller_of, is_this_machine

OURS = (ip_network("10.0.0.0/8"), ip_network("fd00::/8"))
RESIDENT, FORGED = "203.0.113.7", "198.51.100.99"


def told(peer: str, addresses: str, scheme: str = "") -> tuple[str, str]:
    found = caller_of(Caller(peer, "http"), Claims(addresses, scheme), OURS)
    return found.address, found.scheme


class TestCallerOf:
    @pytest.mark.parametrize(
        ("peer", "addresses", "expected"),
        [
            (RESIDENT, FORGED, RESIDENT),
            ("10.0.0.1", RESIDENT, RESIDENT),
            ("10.0.0.1", f"{FORGED}, {RESIDENT}", RESIDENT),
            ("10.0.0.1", f"{FORGED}, {RESIDENT}, 10.0.0.2", RESIDENT),
            ("10.0.0.1", "10.0.0.3, 10.0.0.2", "10.0.0.3"),
            ("10.0.0.1", "", "10.0.0.1"),
            ("10.0.0.1", f"{FORGED}, unknown", "10.0.0.1"),
            ("10.0.0.1", f"{RESIDENT}:50123", RESIDENT),
            ("fd00::1", "[2001:db8::7]:443", "2001:db8::7"),
            ("::ffff:10.0.0.1", f"::ffff:{RESIDENT}", RESIDENT),
            ("", RESIDENT, RESIDENT),
            ("", "", "127.0.0.1"),
        ],
    )
    def test_is_the_right_most_who_is_no_proxy_of_ours(self, peer, addresses, expected):
        assert told(peer, addresses)[0] == expected

    @pytest.mark.parametrize(
        ("peer", "scheme", "expected"),
        [
            ("10.0.0.1", "https", "https"),
            ("10.0.0.1", "HTTPS", "https"),
            ("10.0.0.1", "https, http", "http"),
            ("10.0.0.1", "gopher", "http"),
            (RESIDENT, "https", "http"),
        ],
    )
    def test_believes_the_scheme_of_a_proxy_of_ours_only(self, peer, scheme, expected):
        assert told(peer, RESIDENT, scheme)[1] == expected


class TestIsThisMachine:
    def test_knows_its_own_addresses(self):
        assert [is_this_machine(text) for text in ("127.0.0.1", "::1", "::ffff:127.0.0.1")] == [True] * 3
        assert [is_this_machine(text) for text in ("", "10.0.0.1", "127.8.8.8", "localhost")] == [False] * 4


@pytest.mark.django_db
class TestForwardingMiddleware:
    @pytest.fixture(autouse=True)
    def _proxies(self, settings):
        settings.TRUSTED_PROXIES = OURS
        settings.RATE_LIMITS = {**settings.RATE_LIMITS, "page": 1}
        limits._window = limits.MovingWindow()

    def ask(self, address: str, *, peer: str = "10.0.0.1", scheme: str = "https", path: str = "/healthz"):
        headers = {"X-Forwarded-For": address, "X-Forwarded-Proto": scheme}
        return Client().get(path, headers=headers, REMOTE_ADDR=peer)

    def test_counts_each_resident_behind_a_proxy_alone(self):
        assert [self.ask(address).status_code for address in (RESIDENT, "203.0.113.8", RESIDENT)] == [200, 200, 429]

    def test_counts_a_forger_as_the_one_that_they_are(self):
        answers = [self.ask(f"192.0.2.{last}", peer=RESIDENT).status_code for last in (1, 2)]
        assert answers == [200, 429]

    def test_tells_browsers_that_came_by_https_to_stay_there(self, settings):
        settings.SECURE_HSTS_SECONDS = 31_536_000
        assert self.ask(RESIDENT)["Strict-Transport-Security"] == "max-age=31536000"
        assert "Strict-Transport-Security" not in self.ask("203.0.113.9", peer=RESIDENT)

    def test_closes_cookies_of_a_page_that_came_by_https(self):
        behind, bare = self.ask(RESIDENT, path="/signin/"), self.ask(RESIDENT, peer="203.0.113.8", path="/signin/")
        assert behind.cookies["csrftoken"]["secure"]
        assert not bare.cookies["csrftoken"]["secure"]

    def test_takes_forms_of_our_own_page_by_https_and_of_no_other(self):
        client = Client(enforce_csrf_checks=True)
        client.cookies["csrftoken"] = token = "a" * 32
        sent = {
            "Host": "testserver",
            "Origin": "https://testserver",
            "X-Forwarded-Proto": "https",
            "X-CSRFToken": token,
        }
        proxied = client.post("/preferences/", {"theme": "dark"}, headers=sent, REMOTE_ADDR="10.0.0.1")
        claimed = client.post("/preferences/", {"theme": "dark"}, headers=sent, REMOTE_ADDR=RESIDENT)
        assert (proxied.status_code, claimed.status_code) == (302, 403)
