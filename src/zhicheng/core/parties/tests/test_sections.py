from pathlib import Path

import pytest

from zhicheng.core.packs.public import Fault, PackSource
from zhicheng.core.parties.models import Role, Unit
from zhicheng.core.parties.public import forget_unit_tree, get_unit_tree
from zhicheng.core.parties.sections.roles import ROLES
from zhicheng.core.parties.sections.units import UNITS, units_left_behind
from zhicheng.core.parties.tests.conftest import NOW

HEADER = "code,name,short_name,kind,parent,division,function,phone,ended_date,successor\n"
SZ = "SZ,深圳市人民政府,市政府,government,,440300,government,,,\n"
FT = "FT,福田区人民政府,区政府,government,SZ,440304,government,,,\n"
LH = "LH,罗湖区人民政府,区政府,government,SZ,440303,government,,,\n"
PACKS = Path(__file__).resolve().parents[5] / "packs"


class Line:
    def __init__(self, code):
        self.code = code


class Division:
    def __init__(self, code):
        self.value = Line(code)


def load_units(tmp_path, text, **values):
    (tmp_path / "units.csv").write_text(HEADER + text)
    loaded = UNITS.load(tmp_path)
    pack = PackSource(tmp_path, "test", "1", {"units": loaded.value, **values})
    return loaded.value, pack, [*loaded.faults, *UNITS.check(loaded.value, pack)]


def install(tmp_path, text):
    value, pack, faults = load_units(tmp_path, text)
    assert faults == []
    UNITS.install(value, pack, NOW)
    forget_unit_tree()


class TestUnitsFaults:
    @pytest.mark.parametrize(
        ("line", "code", "at"),
        [
            ("A,甲局,甲,department,NOWHERE,440300,a,,,\n", "units.unknown_parent", 4),
            ("A,甲局,甲,department,B,440300,a,,,\nB,乙局,乙,department,A,440300,b,,,\n", "units.cycle", 4),
            ("FT,福田区,福田,government,SZ,440304,other,,,\n", "units.duplicate", 4),
            ("A,甲局,甲,department,SZ,440300,a,,2026-01-01,\n", "units.no_successor", 4),
            ("A,甲局,甲,department,SZ,440300,a,,2026-01-01,GONE\n", "units.unknown_successor", 4),
            (
                "A,甲局,甲,department,SZ,440300,a,,2026-01-01,B\nB,乙局,乙,department,SZ,440300,b,,2026-01-01,A\n",
                "units.successor_cycle",
                4,
            ),
            ("A,甲局,甲,department,SZ,440300,a,,,FT\n", "units.successor", 4),
            ("A,甲局,甲,palace,SZ,440300,a,,,\n", "field.choice", 4),
            ("A,甲局,甲,department,SZ,12 34,a,,,\n", "field.pattern", 4),
            ("A,甲局,甲,department,SZ,449999,a,,,\n", "units.unknown_division", 4),
            ("A,甲局,甲,department,SZ,440304,government,,,\n", "units.same_function", 4),
            ("A,甲局,甲,department,,440300,a,,,\n", "units.root", 4),
            (
                "A,甲局,甲,department,SZ,440300,a,,2026-01-01,SZ\nB,乙局,乙,department,A,440300,b,,,\n",
                "units.ended_parent",
                5,
            ),
            ("A,甲局,甲,department,SZ,440300,a,,2026-13-01,SZ\n", "field.date", 4),
        ],
    )
    def test_are_found_with_their_line(self, tmp_path, line, code, at):
        divisions = [Division("440300"), Division("440304")]
        _, _, faults = load_units(tmp_path, SZ + FT + line, divisions=divisions)
        assert [fault.line for fault in faults if fault.code == code][:1] == [at], faults
        assert all(fault.hint and fault.message.endswith("。") for fault in faults)

    def test_are_none_for_a_chain_of_successors_that_ends_in_a_living_unit(self, tmp_path):
        chain = "A,甲局,甲,department,SZ,440300,a,,2025-01-01,B\nB,乙局,乙,department,SZ,440300,a,,2026-01-01,SZ\n"
        assert load_units(tmp_path, SZ + chain)[2] == []

    def test_name_the_manifests_unit_that_is_missing(self, tmp_path):
        class Manifest:
            fallback_unit = "SZ-HOTLINE"
            dispatch_unit = "SZ"

            def fault(self, code, message, hint, *, key):
                return Fault("pack.yaml", 7, code, f"{key}: {message}", hint)

        faults = load_units(tmp_path, SZ, pack=Manifest())[2]
        assert [fault.code for fault in faults] == ["units.manifest_unit"]

    @pytest.mark.parametrize("pack", ["shenzhen", "tinytown"])
    def test_are_none_in_our_packs(self, pack):
        if not (PACKS / pack / "units.csv").exists():
            pytest.skip(f"the pack {pack} is not here yet")
        assert UNITS.load(PACKS / pack).faults == []
        assert ROLES.load(PACKS / pack).faults == []


@pytest.mark.django_db
class TestUnitsInstall:
    def test_writes_the_tree_whatever_the_order(self, tmp_path):
        install(tmp_path, FT + SZ)
        assert get_unit_tree().ancestors("FT") == ["SZ"]

    def test_writes_only_what_changed(self, tmp_path, django_assert_num_queries):
        install(tmp_path, SZ + FT)
        value, pack, _ = load_units(tmp_path, SZ + FT)
        with django_assert_num_queries(1):
            UNITS.install(value, pack, NOW)

    def test_ends_a_unit_in_favour_of_its_successor(self, tmp_path):
        install(tmp_path, SZ + FT + LH)
        install(tmp_path, SZ + FT + LH.replace(",,,\n", ",,2026-03-01,FT\n"))
        assert get_unit_tree().successor_of("LH") == "FT"

    def test_is_stopped_when_a_living_unit_vanished(self, tmp_path):
        install(tmp_path, SZ + FT)
        _, pack, _ = load_units(tmp_path, SZ)
        assert [fault.code for fault in units_left_behind(pack)] == ["units.left_behind"]
        UNITS.install(*load_units(tmp_path, SZ)[:2], NOW)
        assert Unit.objects.filter(code="FT").exists()


class TestRoles:
    def load(self, tmp_path, text):
        (tmp_path / "roles.yaml").write_text(text)
        return ROLES.load(tmp_path)

    def test_faults_are_found_with_their_line(self, tmp_path):
        text = (
            "- code: clerk\n  label: 办事员\n  permissions: [cases.handle, cases.fly]\n"
            "- code: clerk\n  label: 办事员\n  permissions: [cases.handle]\n"
            "- code: boss\n  label: 全能管理员\n  permissions: [accounts.manage, ledger.audit]\n"
        )
        found = {(fault.code, fault.line) for fault in self.load(tmp_path, text).faults}
        assert found == {("roles.unknown_permission", 3), ("roles.duplicate", 4), ("roles.mixed_duties", 9)}

    @pytest.mark.django_db
    def test_install_ends_what_is_gone_and_revives_what_is_back(self, tmp_path):
        clerk = "- code: clerk\n  label: 办事员\n  permissions: [cases.handle]\n"
        other = clerk.replace("clerk", "other")
        for text, living in (
            (clerk + other, {"clerk", "other"}),
            (clerk, {"clerk"}),
            (clerk + other, {"clerk", "other"}),
        ):
            ROLES.install(self.load(tmp_path, text).value, PackSource(tmp_path, "test", "1", {}), NOW)
            assert set(Role.objects.filter(ended_date__isnull=True).values_list("code", flat=True)) == living

    def test_describe_names_permissions_in_words(self, tmp_path):
        value = self.load(tmp_path, "- code: clerk\n  label: 办事员\n  permissions: [cases.handle]\n").value
        assert next(iter(ROLES.describe(value)))[3]["权限"] == "办理工单"
