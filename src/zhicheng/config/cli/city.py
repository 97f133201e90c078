"""`zhicheng up`: the whole city on one machine; `serve`, `door`, `worker`: its parts, each alone and many times."""

import argparse
import fcntl
import hashlib
import os
import shutil
import socket
import sys
from pathlib import Path

from zhicheng.config import environment
from zhicheng.config.processes.lifeline import run_in_child
from zhicheng.config.processes.postgres import EmbeddedPostgres
from zhicheng.config.processes.supervisor import Child, Supervisor, python
from zhicheng.kit.errors import ErrorKind, ZhichengError

_WORKER_WAITS_S = 1.5  # people are served first


class AlreadyRunning(ZhichengError):
    """Another `zhicheng up` holds this home."""

    code = "up.already_running"
    kind = ErrorKind.CONFLICT
    message = "{home} 里的城市已经在运行。要再开一座，请另设 ZHICHENG_HOME 和 PORT。"


class PortTaken(ZhichengError):
    """Another program listens on the port."""

    code = "up.port_taken"
    kind = ErrorKind.CONFLICT
    message = "端口 {port} 已被别的程序占用。请换一个端口，例如 PORT=8001 make run。"


def register(commands: "argparse._SubParsersAction[argparse.ArgumentParser]") -> None:
    """Add the commands."""
    up = commands.add_parser("up", help="在一台机器上启动整座城市")
    up.add_argument("--demo", action="store_true", help="装入演示账号和演示诉求（不要用于生产）")
    up.add_argument("--host", default="127.0.0.1", help="监听地址")
    up.add_argument("--port", type=int, default=environment.integer("PORT", 8000), help="监听端口")
    up.set_defaults(run=run_up, needs_django=False)

    prepare = commands.add_parser("prepare", help="建表、安装城市包（首次）、训练分类器")
    prepare.add_argument("--upgrade", action="store_true", help="安装 ZHICHENG_PACK 里的新版本")
    prepare.add_argument("--demo", action="store_true", help="装入演示账号和演示诉求")
    prepare.set_defaults(run=run_prepare)

    worker = commands.add_parser("worker", help="只启动后台工作进程")
    worker.set_defaults(run=run_worker, needs_django=False)


def run_up(options: argparse.Namespace) -> int:
    """Start the database, prepare the city, start and keep the processes."""
    home = environment.home()
    (home / "run").mkdir(parents=True, exist_ok=True)
    with (home / "run" / "up.lock").open("w") as lock:
        _hold(lock.fileno(), home)
        _check_port(options.host, options.port)
        if environment.text("ZHICHENG_LAKE_S3"):
            run_in_child(_check_copy)
        postgres = None
        if not os.environ.get("DATABASE_URL"):
            postgres = EmbeddedPostgres(home)
            postgres.start()
        supervisor = Supervisor(_children(options, home), postgres, home / "run" / "pids.json")
        if _was_prepared(home, options):  # nothing but to make sure: the processes start meanwhile
            return supervisor.run(lambda: _make_ready(home, options))
        try:
            _make_ready(home, options)
        except BaseException:
            if postgres is not None:
                postgres.stop()
            raise
        return supervisor.run()


def run_prepare(options: argparse.Namespace) -> int:
    """Bring schema and pack in place without serving."""
    from zhicheng.config.logs import configure_logs
    from zhicheng.config.processes.preparing import prepare

    configure_logs()
    prepare(environment.pack_root(), upgrade=options.upgrade)
    if options.demo:
        from zhicheng.simulator.public import seed_demo

        seed_demo()
    return 0


def run_worker(_options: argparse.Namespace) -> int:
    """The worker alone."""
    from zhicheng.config.processes.worker import main

    return main()


def _hold(descriptor: int, home: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        raise AlreadyRunning(home=home) from None


def _check_port(host: str, port: int) -> None:
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            raise PortTaken(port=port) from None


def _make_ready(home: Path, options: argparse.Namespace) -> None:
    """In a child: what it takes (hundreds of MB) is given back, and it starts faster than a second Python would."""
    run_in_child(lambda: _make_ready_here(home, options))


def _make_ready_here(home: Path, options: argparse.Namespace) -> None:
    try:
        _prepare(demo=options.demo)
    except ZhichengError as error:
        raise SystemExit(f"{error}\n[{error.code}]") from None
    (home / "run" / "prepared").write_text(_program(options), encoding="utf-8")
    _announce(options)


def _was_prepared(home: Path, options: argparse.Namespace) -> bool:
    """Whether this very program has prepared this home before: its tables are there, and a pack."""
    stamp = home / "run" / "prepared"
    return stamp.exists() and stamp.read_text(encoding="utf-8") == _program(options)


def _program(options: argparse.Namespace) -> str:
    """What decides whether a home needs preparing: the migrations, the database, the demo."""
    package = Path(__file__).resolve().parents[2]
    migrations = sorted(str(path.relative_to(package)) for path in package.rglob("migrations/0*.py"))
    parts = [os.environ.get("DATABASE_URL", "embedded"), str(options.demo), *migrations]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _prepare(*, demo: bool) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhicheng.config.settings")
    import django

    django.setup()
    run_prepare(argparse.Namespace(upgrade=False, demo=demo))
    from django.db import connections

    connections.close_all()


def _check_copy() -> None:
    """An empty lake is not begun where the copy of a full one waits; a store that is away keeps nobody."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhicheng.config.settings")
    import django

    django.setup()
    from zhicheng.core.lake.errors import CopyOwned
    from zhicheng.core.lake.public import require_no_other_lake

    try:
        require_no_other_lake()
    except CopyOwned as error:
        raise SystemExit(f"{error}\n[{error.code}]") from None
    except ZhichengError as error:
        print(error, file=sys.stderr)


def _children(options: argparse.Namespace, home: Path) -> list[Child]:
    sockets = _web_sockets(home)
    figures = home / "run" / "metrics"
    shutil.rmtree(figures, ignore_errors=True)
    figures.mkdir(parents=True)
    common = {
        "ZHICHENG_WEB_SOCKETS": ":".join(str(socket) for socket in sockets.values()),
        "ZHICHENG_HOME": str(home),
        "PORT": str(options.port),  # links in messages lead here unless ZHICHENG_URL says where
        "ZHICHENG_DEMO": "1" if options.demo else os.environ.get("ZHICHENG_DEMO", "0"),
        "PROMETHEUS_MULTIPROC_DIR": str(figures),
        "OPENBLAS_NUM_THREADS": os.environ.get("OPENBLAS_NUM_THREADS", "1"),  # more of them spin
    }
    logs = home / "log"
    web = ["--interface", "wsgi", "--workers", "1", "--blocking-threads", "4", "--no-ws"]
    door = ["--interface", "asgi", "--host", options.host, "--port", str(options.port), "--workers", "1", "--no-ws"]
    quiet = ["--log-level", "warning", "--respawn-failed-workers"]
    return [
        *(
            Child(
                name,
                python("-m", "granian", "--uds", str(socket), *web, *quiet, "zhicheng.config.wsgi:application"),
                logs / "web.log",
                common,
                socket,
            )
            for name, socket in sockets.items()
        ),
        Child(
            "door",
            python("-m", "granian", *door, *quiet, "zhicheng.config.asgi:application"),
            logs / "door.log",
            common,
        ),
        Child(
            "worker",
            python("-m", "zhicheng.config.processes.worker"),
            logs / "worker.log",
            common,
            wait_s=_WORKER_WAITS_S,
        ),
        *_telemetry(logs, common),
    ]


def _web_sockets(home: Path) -> dict[str, Path]:
    """The processes of web, each with a socket of its own: from a shared one the first would take all requests."""
    folder, name = home / "run", "web"
    if len(str(folder)) > 80:  # a Unix socket's address has room for 107 bytes
        folder, name = Path("/tmp"), f"zhicheng-web-{os.getpid()}"  # noqa: S108
    count = max(1, environment.integer("ZHICHENG_WEB_WORKERS", 2))
    return {f"web-{number}": folder / f"{name}-{number}.sock" for number in range(1, count + 1)}


def _telemetry(logs: Path, common: dict[str, str]) -> list[Child]:
    """The broker of devices, unless there is one elsewhere, and what collects their readings."""
    if not environment.flag("ZHICHENG_TELEMETRY", default=True):
        return []
    names = ["collector"] if environment.text("ZHICHENG_BROKER_URL") else ["broker", "collector"]
    return [
        Child(
            name,
            python("-m", f"zhicheng.config.processes.{name}"),
            logs / f"{name}.log",
            common,
            wait_s=_WORKER_WAITS_S,
        )
        for name in names
    ]


def _announce(options: argparse.Namespace) -> None:
    address = f"http://{options.host}:{options.port}"
    print(f"\n智城已启动：{address}", file=sys.stderr)
    for label, path in (("门户", "/"), ("工作台", "/workbench/"), ("大屏", "/cockpit/"), ("接口", "/api/docs")):
        print(f"  {label}  {address}{path}", file=sys.stderr)
    print(f"  日志  {environment.home() / 'log'}", file=sys.stderr)
    if options.demo:
        from zhicheng.simulator.public import demo_accounts_text

        print(demo_accounts_text(), file=sys.stderr, flush=True)
