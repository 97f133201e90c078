"""The only door to the simulator: a demo city, a whole day of a city, its population, its buildings."""

from datetime import datetime

from zhicheng.core.parties.public import get_unit_tree
from zhicheng.kit.clock import now as present
from zhicheng.simulator.city.caching import cached_city
from zhicheng.simulator.city.files import CityFiles
from zhicheng.simulator.city.making import CityOrder
from zhicheng.simulator.city.seeding import ORDER as CITY_LAYERS
from zhicheng.simulator.city.seeding import install_city, seed_city
from zhicheng.simulator.city.writing import Written, WrittenAddresses, written_addresses
from zhicheng.simulator.demo import PHONES, present_town, seed, show_api_key
from zhicheng.simulator.officials import PASSWORD, posts
from zhicheng.simulator.population.dirty import DirtyExport, write_dirty
from zhicheng.simulator.population.firms import COMPANIES
from zhicheng.simulator.population.making import PopulationOrder, cached_population, make_population
from zhicheng.simulator.population.residents import NEWCOMERS, RESIDENTS, DemoResident, Override
from zhicheng.simulator.population.seeding import resident_overrides, seed_population
from zhicheng.simulator.shards import run_shard
from zhicheng.simulator.timing import time_engine, time_transitions
from zhicheng.simulator.viewing import views_to_time

__all__ = [
    "CITY_LAYERS",
    "RESIDENTS",
    "CityFiles",
    "CityOrder",
    "DemoResident",
    "DirtyExport",
    "Override",
    "PopulationOrder",
    "Written",
    "WrittenAddresses",
    "cached_city",
    "cached_population",
    "demo_accounts_text",
    "install_city",
    "make_population",
    "resident_overrides",
    "run_shard",
    "seed_city",
    "seed_demo",
    "seed_population",
    "time_engine",
    "time_transitions",
    "views_to_time",
    "write_dirty",
    "written_addresses",
]


def seed_demo(now: datetime | None = None) -> None:
    """Fill a city with demo officials, residents and appeals; nothing where that was done before.

    Raises:
        NoPackInstalled: there is no pack yet.
    """
    seed(now or present())


def demo_accounts_text() -> str:
    """Who can sign in to the demo city, for the terminal."""
    tree = get_unit_tree()
    lines = [f"\n演示账号（口令都是 {PASSWORD}，动态码用 zhicheng demo code 登录名 查看）:"]
    for post in posts(present_town()):
        lines.append(f"  {post.login:<21}{_wide(post.role_label, 18)}{tree.get(post.unit).name}")
    lines.append(f"演示市民：{'、'.join(PHONES)}（验证码用 zhicheng demo code 手机号 查看）")
    lines += [f"演示企业：{one.name}（法定代表人 {one.representative}）" for one in COMPANIES]
    lines += [f"还没有实名的演示市民：{one.phone}　{one.name}　{one.id_number}" for one in NEWCOMERS]
    if key := show_api_key():
        lines.append(f"演示接口密钥：{key}")
    return "\n".join(lines)


def _wide(text: str, columns: int) -> str:
    """Padded for a terminal, where a Chinese character takes two columns."""
    return text + " " * (columns - sum(2 if ord(character) > 0x2E7F else 1 for character in text))
