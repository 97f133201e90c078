from datetime import UTC, datetime

import pytest

from zhicheng.core.parties.models import Account, Unit
from zhicheng.core.parties.public import forget_unit_tree, get_unit_tree
from zhicheng.kit.ids import uuid7

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _fresh_tree():
    forget_unit_tree()
    yield
    forget_unit_tree()


def make_unit(code, parent=None, **fields):
    defaults = {"name": code, "kind": "department", "division": "440300", "updated_at": NOW}
    return Unit.objects.create(code=code, parent_id=parent, **{**defaults, **fields})


@pytest.mark.django_db
class TestGetUnitTree:
    def test_holds_the_units_of_the_table(self):
        make_unit("SZ")
        make_unit("SZ-WATER", "SZ", function="water")
        tree = get_unit_tree()
        assert tree.ancestors("SZ-WATER") == ["SZ"]
        assert tree.serving("water", ["440304", "440300"]) == "SZ-WATER"

    def test_is_read_again_when_the_table_changed(self):
        make_unit("SZ")
        assert len(get_unit_tree()) == 1
        make_unit("FT", "SZ")
        forget_unit_tree()
        assert "FT" in get_unit_tree()

    def test_costs_no_query_within_a_second(self, django_assert_num_queries):
        make_unit("SZ")
        get_unit_tree()
        with django_assert_num_queries(0):
            get_unit_tree()


@pytest.mark.django_db
class TestAccount:
    def test_is_found_by_login_name(self):
        account = Account.objects.create(id=uuid7(NOW), login="chen.wei", kind="official", created_at=NOW)
        assert Account.objects.get_by_natural_key("chen.wei") == account
