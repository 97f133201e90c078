import pytest
from django.test import Client, RequestFactory

from zhicheng.web.shared.preferences import Preferences


class TestSetPreferences:
    def test_keeps_big_letters_in_a_cookie_and_returns_to_the_page(self) -> None:
        answer = Client().post("/preferences/", {"letters": "big", "next": "/appeals/new/?step=2"})
        assert (answer.status_code, answer.headers["Location"]) == (302, "/appeals/new/?step=2")
        assert answer.cookies["letters"].value == "big"
        assert "theme" not in answer.cookies

    def test_does_not_send_the_reader_to_another_site(self) -> None:
        for target in ("https://evil.example/", "//evil.example/", "javascript:alert(1)"):
            answer = Client().post("/preferences/", {"theme": "dark", "next": target})
            assert answer.headers["Location"] == "/"

    def test_ignores_a_value_that_is_not_offered(self) -> None:
        answer = Client().post("/preferences/", {"theme": "pink"})
        assert "theme" not in answer.cookies

    @pytest.mark.django_db  # the page that says so has the city's name on it
    def test_refuses_a_change_by_a_link(self) -> None:
        assert Client().get("/preferences/").status_code == 405


class TestPreferencesOf:
    def test_counts_a_forged_cookie_as_none(self) -> None:
        request = RequestFactory().get("/")
        request.COOKIES = {"theme": '"><script>', "letters": "big"}
        assert Preferences.of(request) == Preferences(theme="auto", letters="big")

    def test_has_defaults_where_there_is_no_request(self) -> None:
        assert Preferences.of(None) == Preferences()
