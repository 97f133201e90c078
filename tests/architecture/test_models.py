"""Packages own their tables: keys point down, nobody queries through another package's columns or names its tables."""

import ast
import re
from collections.abc import Iterator

from django.apps import apps
from django.db.models import ForeignKey, ManyToManyField, Model, OneToOneField

from tests.architecture.sources import ORDER, Source, sources

OURS = {config.label: config for config in apps.get_app_configs() if config.name.startswith("zhicheng.")}
# Statements that must name tables of another package, and why nothing else would do.
_LEVELS = "apps/appeals/queries/levels.py"
MAY_NAME = {
    (_LEVELS, "cases_case"): "service levels count a month of lives in one read-only statement, not case by case",
    (_LEVELS, "cases_clock"): "the same",
    (_LEVELS, "cases_history"): "the same",
}
_BENCHES = "config/benches/"  # fill and look into a database of their own, from outside every package
_FROM = re.compile(r"\b(?:FROM|JOIN|INTO|UPDATE|TABLE|NULL::)\s*\"?([a-z]+_[a-z_]+)")
_QUERIES = {"filter", "exclude", "get", "update", "aggregate", "annotate", "Q", "get_or_create", "update_or_create"}
_PATHS = {"values", "values_list", "order_by", "select_related", "prefetch_related", "only", "defer", "F"}
_LOOKUPS = {"in", "isnull", "exact", "gt", "gte", "lt", "lte", "range", "id", "pk", "code", "startswith"}


def _relations() -> Iterator[tuple[type[Model], ForeignKey]]:
    ours = [model for model in apps.get_models(include_auto_created=True) if model._meta.app_label in OURS]
    for model in ours:
        for field in model._meta.get_fields():
            if isinstance(field, ForeignKey | OneToOneField | ManyToManyField):
                yield model, field


def _owners() -> dict[str, str]:
    return {model._meta.db_table: model._meta.app_label for model in apps.get_models() if model._meta.app_label in OURS}


class TestForeignKeys:
    def test_point_down_the_order_of_the_nouns(self) -> None:
        wrong = [
            f"{model.__name__}.{field.name} points up to {field.related_model.__name__}"
            for model, field in _relations()
            if field.related_model._meta.app_label in OURS
            and ORDER.index(field.related_model._meta.app_label) > ORDER.index(model._meta.app_label)
        ]
        assert wrong == []

    def test_have_no_reverse_names(self) -> None:
        wrong = [
            f"{model.__name__}.{field.name} needs related_name='+'"
            for model, field in _relations()
            if not (field.remote_field.related_name or "").endswith("+")
        ]
        assert wrong == []

    def test_exist_so_that_this_proves_something(self) -> None:
        assert len(list(_relations())) >= 8

    def test_know_every_package(self) -> None:
        assert set(OURS) - {"web"} <= set(ORDER)


class TestTables:
    def test_are_named_in_sql_by_their_owner_alone(self) -> None:
        owners = _owners()
        wrong = [
            f"{source.place} names {table} of {owners[table]}"
            for source in sources()
            for text in source.texts()
            for table in _FROM.findall(text)
            if table in owners and owners[table] != source.package and not source.place.startswith(_BENCHES)
        ]
        assert set(wrong) == {f"{place} names {table} of {owners[table]}" for place, table in MAY_NAME}


class TestQueries:
    def test_reach_no_columns_of_another_package(self) -> None:
        wrong = [f"{source.place}: {path}" for source in sources() for path in _foreign_paths(source)]
        assert wrong == []

    def test_get_no_model_by_name(self) -> None:
        wrong = [source.place for source in sources() for name, _ in source.calls() if name == "get_model"]
        assert wrong == []

    def test_import_no_models_of_another_package(self) -> None:
        wrong = [
            f"{source.place} imports {name}"
            for source in sources()
            for name in source.imports()
            if (found := re.match(r"zhicheng\.(?:core|apps)\.(\w+)\.models\b", name)) and found[1] != source.package
        ]
        assert wrong == []


def _foreign_paths(source: Source) -> Iterator[str]:
    """`unit__name` where `unit` leads to another package's model and `name` is not how rows are compared."""
    foreign = {
        field.name
        for model, field in _relations()
        if model._meta.app_label == source.package and field.related_model._meta.app_label != source.package
    }
    for name, call in source.calls():
        words = [keyword.arg for keyword in call.keywords if keyword.arg] if name in _QUERIES else []
        if name in _PATHS:
            words += [
                node.value for node in call.args if isinstance(node, ast.Constant) and isinstance(node.value, str)
            ]
        for word in words:
            first, _, rest = word.lstrip("-").partition("__")
            if first in foreign and rest and rest.partition("__")[0] not in _LOOKUPS:
                yield word
            elif first in foreign and name in {"select_related", "prefetch_related"}:
                yield f"{name}({word})"
