"""How often one address may ask, per kind of request."""

import pytest

from zhicheng.apps.appeals.tests.test_api import BODY, Program, picture
from zhicheng.apps.appeals.tests.town import sent
from zhicheng.web.edge import limits

pytestmark = pytest.mark.usefixtures("monday")


class TestCheckPageRate:
    @pytest.fixture
    def limited(self, settings):
        settings.RATE_LIMITS = {**settings.RATE_LIMITS, "follow": 2, "api_submit": 2, "api_upload": 2}
        limits._window = limits.MovingWindow()

    def test_slows_down_who_guesses_codes_whatever_else_is_shown(self, client, limited):
        number, path = sent().number, "/api/v1/appeals/"
        shown = {"X-Follow-Code": "AAAAAAAA", "Authorization": "Basic x"}
        answers = [client.get(f"{path}{number}", headers=shown).status_code for _ in range(3)]
        assert answers == [404, 404, 429]
        assert client.get(f"{path}{number}").status_code == 404

    def test_holds_strangers_tighter_than_services(self, client, limited):
        anyone, weather = Program(client), Program(client, "weather.station")
        assert [anyone.post("appeals", BODY).status_code for _ in range(3)] == [201, 201, 429]
        assert [anyone.upload("a.png", picture()).status_code for _ in range(3)] == [201, 201, 429]
        assert [weather.post("appeals", BODY).status_code for _ in range(3)] == [201, 201, 201]
        assert [weather.upload("a.png", picture()).status_code for _ in range(3)] == [201, 201, 201]
