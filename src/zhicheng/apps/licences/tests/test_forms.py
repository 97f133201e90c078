"""Licences as a source of values and as materials of their holder's forms."""

from datetime import timedelta

import pytest

from zhicheng.apps.licences.contrib.forms import LICENCES, fetch_lines, offer_licences
from zhicheng.apps.licences.tests.town import ID_NUMBER, NOW, issue, resident
from zhicheng.core.forms.public import holdings, prefill_sources
from zhicheng.core.forms.values import MaterialType

pytestmark = pytest.mark.usefixtures("town")


class TestSource:
    def test_is_registered_with_every_line_of_every_type(self):
        assert prefill_sources["licences"] is LICENCES
        assert holdings["licences"] is offer_licences
        assert LICENCES.fields["residence_permit.id_number"] == "居住证：公民身份号码"
        assert "stall_licence.stall" in LICENCES.fields
        assert "nonsense" not in LICENCES.fields
        assert len(list(LICENCES.fields)) == len(LICENCES.fields) >= 12

    def test_gives_lines_of_licences_in_force(self):
        wang = resident()
        issue(wang)
        asked = ["residence_permit.id_number", "residence_permit.nothing", "stall_licence.stall"]
        assert fetch_lines(wang.party_id, asked, NOW, 1.0) == {"residence_permit.id_number": ID_NUMBER}
        assert fetch_lines(wang.party_id, asked, NOW + timedelta(days=400), 1.0) == {}
        assert fetch_lines(resident("李强", "13800138001").party_id, asked, NOW, 1.0) == {}


class TestOffer:
    def test_names_the_licence_that_stands_for_a_material(self, monkeypatch):
        known = {"permit_copy": MaterialType("permit_copy", "居住证", "licence", licence="residence_permit")}
        monkeypatch.setattr("zhicheng.apps.licences.contrib.forms.find_material", known.get)
        wang = resident()
        permit = issue(wang)
        (held,) = offer_licences(wang.party_id, ["permit_copy", "photo"], NOW)
        assert (held.material, held.ref, held.valid_until) == ("permit_copy", permit.number, "2027-03-01")
        assert offer_licences(wang.party_id, ["photo"], NOW) == ()
        assert offer_licences(resident("李强", "13800138001").party_id, ["permit_copy"], NOW) == []
