"""`zhicheng doctor`: one line for each thing that must be right, and what to do where it is not."""

import stat
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor

from zhicheng.config import environment
from zhicheng.config.operating.check import Check, State
from zhicheng.config.operating.exposure import examine_exposure
from zhicheng.config.operating.holdings import examine_holdings
from zhicheng.core.cases.public import next_firing_at
from zhicheng.core.ledger.public import ledger_gauges
from zhicheng.core.packs.public import NoPackInstalled, check_pack, current_pack
from zhicheng.core.parties.public import count_demo_accounts, list_missing_keys

_LATE_S, _VERY_LATE_S = 60.0, 600.0
_SKEW_S, _BAD_SKEW_S = 2.0, 30.0


def examine(now: datetime, *, demo: bool = False) -> list[Check]:
    """Every check; those that need the database are left out where there is none."""
    checks = [*_secrets(), _debug(), _senders(demo=demo), _prover(demo=demo)]
    checks += examine_exposure(demo=demo or settings.DEMO)
    try:
        connection.ensure_connection()
    except DatabaseError as error:
        advice = "启动数据库：zhicheng up；或检查 DATABASE_URL。"
        return [*checks, Check("数据库", "fail", str(error).splitlines()[0], advice)]
    checks += [_version(), _chinese_search(), _skew(now), _migrations()]
    if checks[-1].state == "fail":
        return checks
    later: tuple[Callable[[], Iterator[Check]], ...] = (
        _pack,
        lambda: _queues(now),
        lambda: _accounts(demo=demo),
        _keys_at_hand,
        lambda: examine_holdings(now),
    )
    return [*checks, *(check for look in later for check in look())]


def _secrets() -> Iterator[Check]:
    """Folders that only we may enter, files that only we may read."""
    for folder in (Path(settings.KEYS_ROOT), environment.home() / "secrets"):
        name = f"权限 {folder.name}"
        if not folder.is_dir():
            yield Check(
                name, "warn", f"还没有 {folder}", "首次启动时会自动生成；如果这不是第一次启动，请从备份恢复密钥。"
            )
            continue
        entries = [folder, *folder.rglob("*")]
        open_ones = [path for path in entries if stat.S_IMODE(path.stat().st_mode) & 0o077]
        if open_ones:
            yield Check(name, "fail", f"{open_ones[0]} 可以被其他用户读到", f"运行：chmod -R go= {folder}")
        else:
            yield Check(name, "ok", f"{len(entries) - 1} 个文件，只有本用户可读")
    files = Path(settings.FILES_ROOT)
    if files.is_dir() and stat.S_IMODE(files.stat().st_mode) & 0o077:  # closed at the top: what lies below is, too
        yield Check("权限 files", "fail", f"{files} 可以被其他用户进入", f"运行：chmod -R go= {files}")


def _debug() -> Check:
    if settings.DEBUG:
        return Check("调试模式", "fail", "已打开，出错时会显示内部信息", "去掉环境变量 ZHICHENG_DEBUG。")
    return Check("调试模式", "ok", "关闭")


def _senders(*, demo: bool) -> Check:
    sender = getattr(settings, "CODE_SENDER", "file")
    if sender != "file":
        return Check("短信验证码", "ok", f"由 {sender} 发送")
    advice = "" if demo else "正式使用前请接入短信网关：验证码现在以明文写在 outbound/sms.jsonl。"
    return Check("短信验证码", "ok" if demo else "warn", "写入文件，不会真的发出", advice)


def _prover(*, demo: bool) -> Check:
    code = getattr(settings, "IDENTITY_PROVER", "demo")
    if code == "demo":
        advice = "" if demo else "正式使用前请接入实名核验：设置 ZHICHENG_IDENTITY_PROVER，见 docs/guide/identity.md。"
        return Check("实名核验", "ok" if demo else "warn", "演示核验，只认模拟人口", advice)
    if code == "http" and not settings.IDENTITY_URL:
        return Check("实名核验", "fail", "没有核验服务的地址", "设置 ZHICHENG_IDENTITY_URL 和 ZHICHENG_IDENTITY_KEY。")
    return Check("实名核验", "ok", f"由 {code} 核验")


def _version() -> Check:
    version = connection.pg_version // 10000  # type: ignore[attr-defined]  # of Django's PostgreSQL backend
    if 15 <= version <= 18:
        return Check("数据库版本", "ok", f"PostgreSQL {version}")
    return Check("数据库版本", "warn", f"PostgreSQL {version}", "经过测试的是 15 到 18。")


def _chinese_search() -> Check:
    """Trigrams of Chinese are empty under some locales: search would find nothing."""
    try:
        score = _value("SELECT similarity('莲花街道路灯不亮', '莲花街道路灯')")
    except DatabaseError:
        return Check("中文检索", "fail", "没有 pg_trgm 扩展", "请数据库管理员运行：CREATE EXTENSION pg_trgm。")
    if isinstance(score, float) and score > 0:
        return Check("中文检索", "ok", "三元组检索认得汉字")
    advice = "数据库的区域设置不认得汉字：请用 libc 的 C.UTF-8 或 zh_CN.UTF-8 重建数据库，再恢复备份。"
    return Check("中文检索", "fail", "相同的中文文本相似度为 0", advice)


def _skew(now: datetime) -> Check:
    theirs = _value("SELECT clock_timestamp()")
    skew_s = abs((theirs - now.astimezone(UTC)).total_seconds()) if isinstance(theirs, datetime) else 0.0
    state: State = "ok" if skew_s < _SKEW_S else "warn" if skew_s < _BAD_SKEW_S else "fail"
    advice = "" if state == "ok" else "两台机器的时钟不一致，时限会算错：请打开 NTP 校时。"
    return Check("时钟", state, f"与数据库相差 {skew_s:.1f} 秒", advice)


def _migrations() -> Check:
    executor = MigrationExecutor(connection)
    waiting = executor.migration_plan(executor.loader.graph.leaf_nodes())
    if waiting:
        return Check(
            "数据库结构", "fail", f"还有 {len(waiting)} 项变更没有执行", "运行：zhicheng prepare（会先建表）。"
        )
    return Check("数据库结构", "ok", "是最新的")


def _pack() -> Iterator[Check]:
    try:
        pack = current_pack()
    except NoPackInstalled:
        yield Check("城市包", "fail", "没有安装", "运行：zhicheng prepare。")
        return
    yield Check("城市包", "ok", f"{pack.name} {pack.version}")
    root = environment.pack_root()
    if not root.is_dir():
        yield Check("城市包文件", "warn", f"没有目录 {root}", "检查 ZHICHENG_PACK；运行中的城市不受影响。")
        return
    faults = check_pack(root)
    if faults:
        first = faults[0]
        found = f"{len(faults)} 处问题，如 {first.file}:{first.line} {first.message}"
        yield Check("城市包文件", "warn", found, f"运行：zhicheng pack check {root}。运行中的城市不受影响。")
    else:
        yield Check("城市包文件", "ok", "没有问题")


def _queues(now: datetime) -> Iterator[Check]:
    gauges = ledger_gauges(now)
    advice = "后台工作进程没有在运行或忙不过来：检查 zhicheng up 和它的日志。"
    yield _age("账本封存", gauges.unsealed_oldest_s, f"{gauges.unsealed_rows} 条待封存", advice)
    yield _age("事件投递", gauges.outbox_oldest_s, f"{gauges.outbox_rows} 个待投递", advice)
    due = next_firing_at()
    late_s = max(0.0, (now - due).total_seconds()) if due is not None else 0.0
    yield _age("时限触发", late_s, "计时正常" if not late_s else "有时限到点未触发", advice)
    if gauges.outbox_parked:
        found = f"{gauges.outbox_parked} 个事件多次投递失败"
        yield Check("搁置的事件", "fail", found, "原因见 zhicheng outbox retry 的输出；排除后用它重新投递。")
    else:
        yield Check("搁置的事件", "ok", "没有")


def _age(name: str, seconds: float, found: str, advice: str) -> Check:
    state: State = "ok" if seconds < _LATE_S else "warn" if seconds < _VERY_LATE_S else "fail"
    words = f"{found}，最早的已等 {seconds:.0f} 秒" if seconds else found
    return Check(name, state, words, "" if state == "ok" else advice)


def _accounts(*, demo: bool) -> Iterator[Check]:
    count = count_demo_accounts()
    if not count:
        yield Check("演示账号", "ok", "没有")
    elif demo or settings.DEMO:
        yield Check("演示账号", "ok", f"{count} 个（演示环境）")
    else:
        advice = "演示账号的口令是公开的。正式使用请另建一座城市；确是演示环境，请加 --demo 或设 ZHICHENG_DEMO=1。"
        yield Check("演示账号", "fail", f"{count} 个", advice)


def _keys_at_hand() -> Iterator[Check]:
    missing = list_missing_keys()
    if missing:
        yield Check(
            "个人信息密钥", "fail", f"缺少密钥 {missing}", "用它加密的个人信息读不出来：请从备份恢复 keys 目录。"
        )
    else:
        yield Check("个人信息密钥", "ok", "齐全")
    signing = Path(settings.KEYS_ROOT) / "ledger-ed25519.pem"
    if signing.exists():
        yield Check("账本签名密钥", "ok", "在")
    else:
        yield Check(
            "账本签名密钥", "warn", "还没有", "第一次封存时生成；如果账本已封存过，请从备份恢复，不要重新生成。"
        )


def _value(sql: str) -> object:
    with connection.cursor() as cursor:
        cursor.execute(sql)
        return cursor.fetchone()[0]
