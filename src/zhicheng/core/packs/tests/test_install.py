from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from django.db import IntegrityError, connection

from zhicheng.core.ledger.public import list_entries
from zhicheng.core.packs.base import Fault, guards, sections
from zhicheng.core.packs.models import Definition, Release
from zhicheng.core.packs.public import (
    DefinitionUnknown,
    NoPackInstalled,
    PackRefused,
    current_definition,
    current_pack,
    get_definition,
    install_pack,
    list_definitions,
)
from zhicheng.core.packs.tests.city import MANIFEST, NOW, SHOPS, ShopKeeper, write_pack

pytestmark = pytest.mark.django_db


def install(root: Path, **options: bool):
    return install_pack(root, now=NOW, actor_ref="system:test", **options)


class TestInstallPack:
    def test_makes_the_pack_the_city_that_runs(self, rivertown: Path):
        release = install(rivertown)
        city = current_pack()
        assert release.fresh
        assert (city.name, city.number_prefix, city.center) == ("河湾镇", "HW", (110.0, 25.0))
        assert city.text("hotline") == "12345"
        assert city.text("unknown") == ""

    def test_records_who_installed_what(self, rivertown: Path):
        release = install(rivertown)
        entry = list_entries(limit=1).entries[0].entry
        assert (entry.actor, entry.action, entry.subject) == ("system:test", "packs.installed", "pack:rivertown")
        assert entry.data["digest"] == release.digest

    def test_does_nothing_for_files_that_are_installed(self, rivertown: Path, keeper: ShopKeeper):
        first, second = install(rivertown), install(rivertown)
        assert (second.id, second.fresh) == (first.id, False)
        assert keeper.installs == 1

    def test_installs_the_same_files_again_when_told_to(self, rivertown: Path, keeper: ShopKeeper):
        install(rivertown)
        assert install(rivertown, again=True).fresh
        assert keeper.installs == 2

    def test_installs_the_same_files_again_when_the_software_has_a_new_section(
        self, rivertown: Path, keeper: ShopKeeper
    ):
        install(rivertown)
        sections.add("markets", keeper.section())
        assert install(rivertown).fresh

    def test_refuses_a_broken_pack_and_the_running_city_stays(self, rivertown: Path, keeper: ShopKeeper):
        install(rivertown)
        write_pack(rivertown, shops=SHOPS + "broken\nrivertown,镇,many\n")
        with pytest.raises(PackRefused) as refused:
            install(rivertown)
        assert [(fault.line, fault.code) for fault in refused.value.faults] == [
            (4, "csv.ragged"),
            (5, "field.type"),
        ]
        assert current_pack().version == "1.0.0"
        assert keeper.installs == 1

    def test_leaves_nothing_behind_when_a_section_fails(self, rivertown: Path, keeper: ShopKeeper):
        install(rivertown)
        keeper.breaks = True
        write_pack(rivertown, manifest=MANIFEST.replace("1.0.0", "1.1.0"), shops=SHOPS.replace("5", "9"))
        with pytest.raises(ZeroDivisionError):
            install(rivertown)
        assert current_pack().version == "1.0.0"
        assert Release.objects.count() == 1
        assert Definition.objects.count() == 2

    def test_names_causes_before_consequences(self, rivertown: Path):
        write_pack(rivertown, shops=SHOPS + "rivertown,镇,1\nzoo,动物园,many\n")
        with pytest.raises(PackRefused) as refused:
            install(rivertown)
        assert [fault.code for fault in refused.value.faults] == ["field.type", "shop.named_like_city"]

    def test_refuses_what_a_guard_forbids(self, rivertown: Path):
        guards.add("strand", lambda pack: [Fault("shops.csv", 2, "cases.stranded", f"{pack.code} 有工单在办")])
        with pytest.raises(PackRefused, match=r"shops\.csv:2"):
            install(rivertown)
        assert not Release.objects.exists()

    def test_refuses_the_pack_of_another_city(self, rivertown: Path, tmp_path: Path):
        install(rivertown)
        other = write_pack(tmp_path / "other", manifest=MANIFEST.replace("rivertown", "hilltown"))
        with pytest.raises(PackRefused) as refused:
            install(other)
        assert refused.value.faults[0].code == "pack.other_city"


class TestReleasesAndDefinitions:
    @pytest.mark.parametrize(
        "statement",
        [
            "UPDATE packs_definition SET body = '{}'",
            "DELETE FROM packs_definitionuse; DELETE FROM packs_definition",
            "UPDATE packs_release SET version = '9.9.9'",
        ],
    )
    def test_cannot_be_changed_by_any_statement(self, rivertown: Path, statement: str):
        install(rivertown)
        with pytest.raises(IntegrityError, match="is refused"), connection.cursor() as cursor:
            cursor.execute(statement)


@pytest.mark.django_db(transaction=True)
class TestTwoInstallsAtOnce:
    def test_wait_for_each_other(self, rivertown: Path, keeper: ShopKeeper):
        keeper.pause_s = 0.2
        with ThreadPoolExecutor(2) as pool:
            releases = list(pool.map(self.install_and_close, [rivertown, rivertown]))
        assert sorted(release.fresh for release in releases) == [False, True]
        assert Release.objects.count() == 1

    @staticmethod
    def install_and_close(root: Path):
        try:
            return install(root)
        finally:
            connection.close()


class TestCurrentPack:
    def test_says_that_there_is_none(self, keeper: ShopKeeper):
        with pytest.raises(NoPackInstalled):
            current_pack()

    def test_asks_the_database_at_most_once_a_second(self, rivertown: Path, django_assert_num_queries):
        install(rivertown)
        current_pack()
        with django_assert_num_queries(0):
            assert current_pack().code == "rivertown"


class TestDefinitions:
    def test_keeps_the_old_one_for_the_cases_that_run_on_it(self, rivertown: Path):
        install(rivertown)
        old = current_definition("shop", "bakery")
        write_pack(rivertown, shops="code,label,limit_days\nbakery,面包店,9\n")
        install(rivertown)
        assert current_definition("shop", "bakery").body == {"limit_days": 9}
        assert get_definition(old.hash).body == {"limit_days": 5}

    def test_lists_only_those_of_the_installed_pack(self, rivertown: Path):
        install(rivertown)
        write_pack(rivertown, shops="code,label,limit_days\nbakery,面包店,9\n")
        install(rivertown)
        assert [(shop.code, shop.label) for shop in list_definitions("shop")] == [("bakery", "面包店")]
        with pytest.raises(DefinitionUnknown, match="shop tea"):
            current_definition("shop", "tea")

    def test_goes_back_when_an_older_pack_is_installed_again(self, rivertown: Path):
        install(rivertown)
        first = current_definition("shop", "bakery")
        install(write_pack(rivertown, shops=SHOPS.replace("5", "9")))
        install(write_pack(rivertown, shops=SHOPS))
        assert current_definition("shop", "bakery").hash == first.hash
        assert Definition.objects.filter(code="bakery").count() == 2

    def test_is_read_from_the_database_once(self, rivertown: Path, django_assert_num_queries):
        install(rivertown)
        current_definition("shop", "tea")
        with django_assert_num_queries(0):
            assert current_definition("shop", "tea").label == "茶馆"

    def test_is_unknown_by_a_wrong_hash(self):
        with pytest.raises(DefinitionUnknown):
            get_definition("0" * 64)
