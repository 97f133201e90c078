"""Demo officials: which roles at which units of whatever city is installed. Chosen by what units do, not by code."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.contrib.auth.hashers import PBKDF2PasswordHasher

from zhicheng.core.parties.values import Unit, UnitTree

PASSWORD = "Lychee-Park-2026"  # noqa: S105  # printed on the terminal of every demo city
POOL = "handler.others"


class DemoHasher(PBKDF2PasswordHasher):
    """Django's own hash with few rounds: rounds protect nothing where the password is printed on the terminal."""

    iterations = 20_000


@dataclass(frozen=True)
class Post:
    """One demo official: how they sign in, what they are, where; `duties` are further roles there."""

    login: str
    name: str
    role: str
    role_label: str
    unit: str
    duties: tuple[str, ...] = ()


@dataclass(frozen=True)
class Town:
    """The units a demo plays in. Where a city has no such unit, the one above serves."""

    city: str
    hotline: str
    district: str
    district_hotline: str
    streets: tuple[str, str]
    community: str
    company: str
    department: str


def find_town(tree: UnitTree, hotline: str) -> Town:
    """Pick the stage: the district that has most street offices below it, two of them, a community, a company."""
    units = [unit for unit in tree.all().values() if unit.ended_date is None]
    city = tree.children(None)[0]
    offices = [unit for unit in units if unit.kind == "street_office"]
    district = _busiest(offices, tree) or city
    inside = [unit for unit in offices if unit.parent == district]
    streets = [unit.code for unit in inside[:2]] or [district]
    below = [unit.code for unit in units if unit.kind == "community" and unit.parent == streets[0]]
    return Town(
        city=city,
        hotline=hotline,
        district=district,
        district_hotline=_first(units, district, tree, functions=("hotline",)) or hotline,
        streets=(streets[0], streets[-1]),
        community=below[0] if below else streets[0],
        company=_company(units) or city,
        department=_first(units, district, tree, functions=("urban_management", "housing")) or district,
    )


def posts(town: Town) -> Iterator[Post]:
    """Everybody in the demo, administrators too."""
    yield Post("call.taker", "林静", "call_taker", "坐席", town.hotline)
    yield Post("clerk", "邓倩", "clerk", "在线坐席", town.hotline)
    yield Post("dispatcher", "陈立", "dispatcher", "分拨员", town.hotline)
    yield Post("arbiter", "吴敏", "arbiter", "仲裁员", town.hotline)
    yield Post("dispatcher.district", "黄倩", "dispatcher", "区分拨员", town.district_hotline)
    yield Post("arbiter.district", "郑浩", "arbiter", "区仲裁员", town.district_hotline)
    yield Post("handler.street", "王芳", "handler", "街道承办人", town.streets[0])
    yield Post("handler.street2", "刘洋", "handler", "街道承办人、窗口", town.streets[1], ("window_officer",))
    yield Post("handler.community", "赵丽", "handler", "社区承办人", town.community)
    yield Post("handler.company", "周强", "handler", "公用企业承办人", town.company)
    yield Post("handler.department", "孙伟", "handler", "部门承办人", town.department)
    yield Post(POOL, "其他单位承办人（演示）", "handler", "其他单位承办人", town.streets[0])
    yield Post("supervisor.street", "何军", "supervisor", "街道督办", town.streets[0])
    yield Post("supervisor.district", "马琳", "supervisor", "区督办", town.district)
    yield Post("supervisor", "罗斌", "supervisor", "市督办", town.city)
    yield Post("leader.district", "区领导（演示）", "leader", "区领导", town.district)
    yield Post("leader", "市领导（演示）", "leader", "市领导", town.city)
    yield Post("benefit.officer", "许静", "benefit_officer", "补贴经办", town.city)
    yield Post("benefit.approver", "高翔", "benefit_approver", "补贴审批", town.city)
    yield Post("paymaster", "梁峰", "paymaster", "补贴支付员", town.city)
    yield Post("admin.system", "系统管理员（演示）", "system_admin", "系统管理员", town.city)
    yield Post("admin.security", "安全保密管理员（演示）", "security_admin", "安全保密管理员", town.city)
    yield Post("auditor", "安全审计员（演示）", "auditor", "安全审计员", town.city)


def _busiest(offices: Iterable[Unit], tree: UnitTree) -> str:
    counts: dict[str, int] = {}
    for office in offices:
        if office.parent in tree and office.parent is not None:
            counts[office.parent] = counts.get(office.parent, 0) + 1
    return max(counts, key=lambda code: (counts[code], code), default="")


def _first(units: Iterable[Unit], district: str, tree: UnitTree, *, functions: Iterable[str]) -> str:
    wanted = tuple(functions)
    found = [unit for unit in units if unit.function in wanted and district in tree.ancestors(unit.code)]
    return min(found, key=lambda unit: wanted.index(unit.function)).code if found else ""


def _company(units: Iterable[Unit]) -> str:
    companies = [unit for unit in units if unit.kind == "company"]
    return min(companies, key=lambda unit: unit.function != "water_supply").code if companies else ""
