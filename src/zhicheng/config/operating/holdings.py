"""What the city holds beside its database, for `doctor`: tables of the lake, keys of sealed rows and of licences."""

import json
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import duckdb
from django.apps import apps
from django.conf import settings
from django.db.models import Model

from zhicheng.apps.licences.public import named_issuer_keys
from zhicheng.config.operating.check import Check
from zhicheng.core.lake.public import connect, copy_state, has_table, list_entities
from zhicheng.core.lake.values import EntityTable
from zhicheng.core.packs.public import NoPackInstalled
from zhicheng.core.parties.public import keyring
from zhicheng.kit.clock import CHINA
from zhicheng.kit.errors import ZhichengError

_COPY_LATE = timedelta(minutes=5)
_COPY_BEHIND = 1000
_KEY_FIELDS = ("key_id", "totp_key_id")
_RESTORE = "请从备份恢复 keys 目录。"


def examine_holdings(now: datetime) -> Iterator[Check]:
    """Tables of the lake, then keys."""
    try:
        tables = list_entities()
    except NoPackInstalled:
        tables = []
    for table in tables:
        yield _table(table, now)
    yield from _copy(now)
    yield _sealed_rows()
    yield _issuer_keys()


def _table(table: EntityTable, now: datetime) -> Check:
    """A declared table: held, readable, with every declared column, not too old."""
    name = f"数据湖 {table.code}"
    feed = "请用 zhicheng lake ingest 接入。"
    try:
        if not has_table(table.code):
            return Check(name, "warn", "还没有数据", f"{feed}没有数据时，规则一律转人工，免申即享不能测算。")
        with connect([table.code]) as lake:
            held = lake.versions[table.code]
            found = set(lake.table(f'SELECT * FROM "{table.code}" LIMIT 1').column_names)
            lake.execute(f'SELECT count("{table.key}") FROM "{table.code}"').fetchall()
    except (ZhichengError, duckdb.Error) as error:
        words = str(error).splitlines()[0]
        return Check(name, "fail", f"读不出来：{words}", f"请从备份恢复 lake 目录，或重新接入：{feed}")
    lacking = sorted(set(table.codes) - found)
    if lacking:
        words = f"缺少城市包声明的列：{'、'.join(lacking)}"
        return Check(name, "fail", words, f"城市包增加了列，请按现在的列重新接入：{feed}")
    days = settings.LAKE_FRESH_DAYS
    age = now - held.at
    if age > timedelta(days=days):
        return Check(name, "warn", f"{held.rows:,} 行，{age.days} 天没有更新", f"超过 {days} 天：{feed}")
    return Check(name, "ok", f"{held.rows:,} 行，版本 {held.version}")


def _copy(now: datetime) -> Iterator[Check]:
    """The lake's copy in an object store, where one is wanted."""
    state = copy_state()
    if state is None:
        return
    last = f"{state.at.astimezone(CHINA):%Y-%m-%d %H:%M:%S}" if state.at else "从未"
    found = f"湖的副本落后 {state.versions_behind} 个版本，最近一次成功 {last}"
    name, told = "湖的副本", state.told
    if told.fault:
        yield Check(name, "fail", found, told.fault)
    elif state.at is None or now - state.at > _COPY_LATE:
        yield Check(
            name,
            "warn",
            found,
            "复制由后台工作进程做：请检查它在不在运行（zhicheng up 或 zhicheng worker），或是否正在复制很大的表。",
        )
    else:
        yield Check(name, "warn" if state.versions_behind > _COPY_BEHIND else "ok", found)
    for table, why in told.faults.items():
        yield Check(f"{name} {table}", "fail", "没有复制", why)
    for table in told.lost:
        yield Check(f"{name} {table}", "warn", "本机已经没有这张表，副本还在", f"取回：zhicheng lake restore {table}")


def _sealed_rows() -> Check:
    """Every table that says by which key its rows are sealed."""
    held = keyring().ids()
    lacking = {model._meta.verbose_name: missing for model in apps.get_models() if (missing := _used(model) - held)}
    if not lacking:
        return Check("密文的密钥", "ok", "表单、申请、证照等的密钥齐全")
    words = "；".join(f"{table} 缺少密钥 {sorted(missing)}" for table, missing in lacking.items())
    return Check("密文的密钥", "fail", words, f"这些内容读不出来：{_RESTORE}")


def _used(model: type[Model]) -> set[int]:
    """The ids of the keys that a table's rows name."""
    names = {field.name for field in model._meta.get_fields()} & set(_KEY_FIELDS)
    rows = model._default_manager.all()
    return {key for name in names for key in rows.order_by().values_list(name, flat=True).distinct() if key is not None}


def _issuer_keys() -> Check:
    """Every key by which a licence was signed: without its public half nobody can check the licence."""
    named = named_issuer_keys()
    held = {str(json.loads(path.read_text())["id"]) for path in _key_files()}
    lacking = sorted(named - held)
    if lacking:
        return Check("证照签发密钥", "fail", f"缺少密钥 {'、'.join(lacking)}", f"用它签发的证照核验不了：{_RESTORE}")
    return Check("证照签发密钥", "ok", f"{len(held)} 把" if held else "还没有，第一次签发时生成")


def _key_files() -> Iterator[Path]:
    folder = Path(settings.KEYS_ROOT) / "licences"
    return (path for path in folder.glob("*-*.json"))
