"""forms/*.yaml: one form a file, a JSON Schema 2020-12 with our keywords."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

from zhicheng.core.forms.base import PrefillSource
from zhicheng.core.forms.policy.keywords import Problem, as_list, schema_problems, when_problems, widget_of
from zhicheng.core.forms.registry import prefill_sources
from zhicheng.core.forms.sections.materials import MATERIALS
from zhicheng.core.forms.values import FORM
from zhicheng.core.packs.public import (
    Fault,
    Item,
    Loaded,
    PackSource,
    Row,
    Section,
    parse_row,
    pin_definition,
    read_yaml,
    sections,
)

FORMS = "forms"


class NeedLine(BaseModel):
    """One material that a form asks for."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    code: str
    required: bool = True
    when: dict[str, Any] | None = None
    note: Annotated[str, Field(max_length=200)] = ""


class FormFile(BaseModel):
    """One form; the schema is checked beyond its shape by `policy.keywords`."""

    model_config = ConfigDict(extra="forbid", frozen=True)
    code: Annotated[str, Field(pattern=r"^[a-z][a-z0-9_.]{1,99}$")]
    label: Annotated[str, Field(min_length=1, max_length=60)]
    intro: Annotated[str, Field(max_length=500)] = ""
    form_schema: Annotated[dict[str, Any], Field(alias="schema")]
    materials: tuple[NeedLine, ...] = ()


FormItem = Item[FormFile]
Forms = Mapping[str, FormItem]


def register() -> None:
    """Register the section."""
    sections.add(FORMS, Section(FORMS, "表单", load, check, install, describe))


def load(root: Path) -> Loaded:
    """Forms by code; one with faults is left out. A pack without the folder has none."""
    forms: dict[str, FormItem] = {}
    faults: list[Fault] = []
    for path in sorted((root / "forms").glob("*.yaml")):
        row, found = read_yaml(root, path.relative_to(root).as_posix())
        faults += found
        if row is not None:
            item, found = parse_row(row, FormFile)
            faults += found or ([_fault(item.row, problem) for problem in _problems(item)] if item else [])
            if item is not None and item.value.code in forms:
                message = f"表单「{item.value.code}」写了两次。"
                faults.append(item.fault("form.duplicate", message, "请换一个代码。", key="code"))
            elif item is not None and not any(fault.file == item.row.file for fault in faults):
                forms[item.value.code] = item
    return Loaded(forms, faults)


def check(forms: Forms, pack: PackSource) -> Iterator[Fault]:
    """Sources, facts and materials that do not exist."""
    facts = _facts(pack.root)
    materials = pack.values.get(MATERIALS, {})
    for item in forms.values():
        for name, rules, path in _every_property(item.value.form_schema):
            problems = [
                *_prefill_problems(rules, path, facts),
                *_fact_problems(rules, path, facts),
                *_document_problems(rules, path, materials),
            ]
            yield from (_fault(item.row, problem, name=name) for problem in problems)
        for index, need in enumerate(item.value.materials):
            if need.code not in materials:
                problem = _unknown_material(need.code, f"materials.{index}.code")
                yield _fault(item.row, problem, inside="")


def install(forms: Forms, _pack: PackSource, now: datetime) -> None:
    """Pin every form; drafts begun on an earlier version keep theirs."""
    for code, item in forms.items():
        pin_definition(FORM, code, _body(item), label=item.value.label, now=now)


def describe(forms: Forms) -> Iterator[tuple[str, str, str, Mapping[str, Any]]]:
    """Every form with its pages and items."""
    for code, item in forms.items():
        schema = item.value.form_schema
        required = schema.get("required", [])
        labels = {name: rules["x-label"] for name, rules in schema["properties"].items()}
        fields = {
            "各页": "、".join(section["label"] for section in schema["x-sections"]),
            "项目": "、".join(labels.values()),
            "必填": "、".join(labels[name] for name in required),
            "材料": "、".join(need.code for need in item.value.materials),
        }
        yield "表单", code, item.value.label, fields


def _body(item: FormItem) -> dict[str, Any]:
    line = item.value
    return {
        "schema": line.form_schema,
        "orders": _orders(line.form_schema),
        "intro": line.intro,
        "materials": [need.model_dump() for need in line.materials],
    }


def _orders(schema: Mapping[str, Any]) -> dict[str, list[str]]:
    """The fields of each repeated group as they are written: the database keeps no order of names."""
    groups = {name: rules for name, rules in schema["properties"].items() if widget_of(rules) == "repeat"}
    return {name: list(rules["items"]["properties"]) for name, rules in groups.items()}


def _problems(item: FormItem) -> Sequence[Problem]:
    problems = list(schema_problems(item.value.form_schema))
    properties = item.value.form_schema.get("properties", {})
    if not problems:
        for index, need in enumerate(item.value.materials):
            path = f"materials.{index}.when"
            found = when_problems(need.when, path, properties) if need.when else ()
            problems += [Problem(f"/{problem.path}", problem.code, problem.message, problem.hint) for problem in found]
    return problems


def _fault(row: Row, problem: Problem, *, name: str = "", inside: str = "schema.") -> Fault:
    path = problem.path.removeprefix("/") if problem.path.startswith("/") else f"{inside}{problem.path}".rstrip(".")
    while path and path not in row.key_lines:
        path = path.rpartition(".")[0]
    message = f"「{name}」：{problem.message}" if name else problem.message
    return row.fault(problem.code, message, problem.hint, key=path)


def _every_property(schema: Mapping[str, Any]) -> Iterator[tuple[str, Mapping[str, Any], str]]:
    for name, rules in schema["properties"].items():
        yield name, rules, f"properties.{name}"
        if widget_of(rules) == "repeat":
            inner = rules["items"]["properties"]
            yield from (
                (f"{name}.{key}", one, f"properties.{name}.items.properties.{key}") for key, one in inner.items()
            )


def _prefill_problems(rules: Mapping[str, Any], path: str, facts: Mapping[str, frozenset[str]]) -> Iterator[Problem]:
    for index, pair in enumerate(as_list(rules.get("x-prefill", []))):
        here = f"{path}.x-prefill.{index}"
        if pair["source"] not in prefill_sources:
            hint = f"可用的：{'、'.join(prefill_sources.codes())}。"
            yield Problem(f"{here}.source", "form.source", f"没有预填来源「{pair['source']}」。", hint)
        elif pair["field"] not in prefill_sources[pair["source"]].fields:
            known = prefill_sources[pair["source"]].fields
            message = f"预填来源「{pair['source']}」没有「{pair['field']}」。"
            yield Problem(f"{here}.field", "form.source_field", message, f"可用的：{'、'.join(known)}。")
        elif not _is_given(prefill_sources[pair["source"]], pair["field"], facts):
            table = prefill_sources[pair["source"]].table
            message = f"预填来源「{pair['source']}」读的数据表 {table} 没有「{pair['field']}」这一列，永远取不到。"
            yield Problem(f"{here}.field", "form.source_field", message, f"请在 lake/{table}.yaml 里加上，或改正。")


def _is_given(source: PrefillSource, field: str, facts: Mapping[str, frozenset[str]]) -> bool:
    """Whether the pack's table has what a source reads from it; a pack without the table has a register elsewhere."""
    return not source.table or source.table not in facts or field in source.beside or field in facts[source.table]


def _fact_problems(rules: Mapping[str, Any], path: str, facts: Mapping[str, frozenset[str]]) -> Iterator[Problem]:
    table, _, column = str(rules.get("x-fact", "")).partition(".")
    if table and facts and column not in facts.get(table, frozenset()):
        message = f"数据表里没有「{table}.{column}」这一列。"
        yield Problem(f"{path}.x-fact", "form.fact", message, "请对照 lake/ 下的表改正，或删去 x-fact。")


def _document_problems(rules: Mapping[str, Any], path: str, materials: Mapping[str, Any]) -> Iterator[Problem]:
    for index, pair in enumerate(as_list(rules.get("x-document", []))):
        here = f"{path}.x-document.{index}"
        material = materials.get(pair["material"])
        if material is None:
            yield _unknown_material(pair["material"], f"{here}.material")
        elif pair["field"] not in {one.code for one in material.value.fields}:
            message = f"材料「{material.value.label}」没有写能读出「{pair['field']}」。"
            yield Problem(
                f"{here}.field", "form.material_field", message, "请在 materials.yaml 的 fields 里补上，或改正。"
            )


def _unknown_material(code: str, path: str) -> Problem:
    return Problem(path, "form.material", f"没有材料「{code}」。", "请在 materials.yaml 里补上，或改正代码。")


def _facts(root: Path) -> dict[str, frozenset[str]]:
    """Columns by table, from the declarations of the lake where the pack has them; their faults are the lake's."""
    found = {}
    for path in sorted((root / "lake").glob("*.yaml")):
        row, _ = read_yaml(root, path.relative_to(root).as_posix())
        columns = row.values.get("columns") if row is not None else None
        if isinstance(columns, list):
            found[path.stem] = frozenset(str(one.get("code")) for one in columns if isinstance(one, Mapping))
    return found
