"""A hamlet whose layers are served: houses for everybody, flats for who signed in, wells by a permission."""

import asyncio
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from django.contrib.sessions.backends.db import SessionStore
from starlette.applications import Starlette

from zhicheng.apps.twin.models import ServiceCalls
from zhicheng.config.door.ogc import access, meter, tiles
from zhicheng.config.door.ogc.access import Doorkeeper
from zhicheng.config.door.ogc.meter import CallMeter
from zhicheng.config.door.ogc.routes import OGC_ROUTES
from zhicheng.config.door.ogc.serving import OgcServices
from zhicheng.core.packs import base
from zhicheng.core.packs.public import forget_installed_pack, install_pack
from zhicheng.core.packs.sections import register
from zhicheng.core.parties.models import Account, Role, RoleGrant, Unit
from zhicheng.core.parties.operations.accounts import issue_api_key
from zhicheng.core.parties.public import forget_unit_tree
from zhicheng.core.parties.values import system_actor
from zhicheng.core.places.gate.opening import forget_readers
from zhicheng.core.places.sections.layers import LAYERS
from zhicheng.core.places.tests import hamlet
from zhicheng.engines.geo.tiles.matrix import tiles_over
from zhicheng.kit.clock import now

SUPERVISOR = system_actor("test")


@pytest.fixture(scope="session")
def _filled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the files of the hamlet are kept after they were made once."""
    return tmp_path_factory.mktemp("hamlet")


@pytest.fixture
def _hamlet(tmp_path: Path, settings, db: None, monkeypatch: pytest.MonkeyPatch, _filled: Path) -> Iterator[None]:
    for registry in (base.sections, base.guards, base.test_kinds):
        monkeypatch.setattr(registry, "_entries", {})
    register()
    base.sections.add(LAYERS.code, LAYERS)
    settings.HOME = tmp_path / "home"
    forget_installed_pack()
    forget_readers()
    root = hamlet.write_hamlet(tmp_path / "hamlet")
    for code, rule in (("flat", "signed"), ("well", "cockpit.view")):
        path = root / "layers" / f"{code}.yaml"
        path.write_text(path.read_text(encoding="utf-8") + f"access: {rule}\n", encoding="utf-8")
    install_pack(root, actor_ref="system:test", now=hamlet.NOW)
    if not (_filled / "home").exists():
        hamlet.fill("house", hamlet.HOUSES)
        hamlet.fill("flat", hamlet.FLATS[:30])
        hamlet.fill("well", hamlet.WELLS)
        shutil.copytree(settings.HOME, _filled / "home")
    else:
        shutil.copytree(_filled / "home", settings.HOME)
    yield
    forget_installed_pack()
    forget_readers()


class Served:
    """The services, asked as from outside; the clock of the meter is the test's."""

    def __init__(self) -> None:
        self.door, self.meter = Doorkeeper(), CallMeter()
        self.app = Starlette(routes=OGC_ROUTES)
        self.app.state.ogc = OgcServices(self.door, self.meter)
        self.app.state.secure = False

    def get(self, path: str, *, key: str = "", session: str = "", **headers: str) -> httpx.Response:
        sent = {"Authorization": f"Bearer {key}"} if key else {}
        sent |= {"Cookie": f"sessionid={session}"} if session else {}
        sent |= {name.replace("_", "-"): value for name, value in headers.items()}

        async def run() -> httpx.Response:
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://door") as client:
                return await client.get(path, headers={"Accept": "application/json", **sent})

        return asyncio.run(run())

    def post(self, path: str, body: str) -> httpx.Response:
        async def run() -> httpx.Response:
            transport = httpx.ASGITransport(self.app)
            async with httpx.AsyncClient(transport=transport, base_url="http://door") as client:
                return await client.post(path, content=body.encode(), headers={"Accept": "application/json"})

        return asyncio.run(run())

    def json(self, path: str, **options: Any) -> Any:
        answer = self.get(path, **options)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def written(self) -> list[ServiceCalls]:
        asyncio.run(self.meter.write())
        return list(ServiceCalls.objects.order_by("layer", "service", "kind"))


@pytest.fixture
def served(_hamlet: None, monkeypatch: pytest.MonkeyPatch) -> Served:
    """Threads would see nothing of the test's transaction: what is asked of the database is asked here."""

    async def at_once(ask: Callable[..., Any], *args: Any) -> Any:
        loop = asyncio.get_running_loop()
        asyncio._set_running_loop(None)
        try:
            return ask(*args)
        finally:
            asyncio._set_running_loop(loop)

    monkeypatch.setattr(asyncio, "to_thread", at_once)
    for module in (access, meter):
        monkeypatch.setattr(module, "close_old_connections", lambda: None)
    monkeypatch.setattr(tiles, "_cache", tiles.TileCache())
    return Served()


def official(*permissions: str) -> UUID:
    """An official with a role that carries permissions."""
    about = {"name": "柳林村委会", "kind": "government", "division": "990200", "updated_at": hamlet.NOW}
    unit, _ = Unit.objects.get_or_create(code="LL", defaults=about)
    forget_unit_tree()
    account = Account.objects.create(
        id=uuid4(), login=f"user-{uuid4().hex[:8]}", kind="official", display_name="李四", created_at=hamlet.NOW
    )
    if permissions:
        role = Role.objects.create(code=f"role_{uuid4().hex[:6]}", label="角色", permissions=list(permissions))
        RoleGrant.objects.create(
            id=uuid4(), account=account, role=role, unit=unit, starts_at=hamlet.NOW, created_at=hamlet.NOW
        )
    return account.id


def session_of(account: UUID) -> str:
    session = SessionStore()
    session["_auth_user_id"] = str(account)
    session.save()
    return str(session.session_key)


def application(*permissions: str) -> tuple[UUID, str]:
    """An application and its key."""
    account = official(*permissions)
    Account.objects.filter(id=account).update(kind="service")
    return account, issue_api_key(account, "测试", actor=SUPERVISOR, now=now())


def tile_path(layer: str, zoom: int) -> str:
    """The tile in which the hamlet's first house lies."""
    tile = next(tiles_over((114.0003, 22.5003, 114.0003, 22.5003), zoom))
    return f"/ogc/collections/{layer}/tiles/WebMercatorQuad/{zoom}/{tile.row}/{tile.column}"
