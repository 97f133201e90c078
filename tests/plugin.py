"""Early pytest plugin (`-p tests.plugin`): a real PostgreSQL for the run, before Django reads its settings.

`DATABASE_URL` is used when set (CI's second pass); otherwise an embedded server starts in a temporary folder and
stops with the run. Workers of pytest-xdist inherit the address. `--only-database` leaves out the tests that never ask
for the database: on another PostgreSQL they could only say the same again.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import pytest

from zhicheng.config.logs import configure_logs

configure_logs()
os.environ.pop("ZHICHENG_LAKE_S3", None)  # no test writes to the copy of a real city
if "PYTEST_XDIST_WORKER" not in os.environ:
    home = Path(tempfile.mkdtemp(prefix="zhicheng-test-", dir="/tmp"))
    home.chmod(0o755)
    os.environ["ZHICHENG_HOME"] = str(home)
    atexit.register(shutil.rmtree, home, ignore_errors=True)
    if "DATABASE_URL" not in os.environ:
        from zhicheng.config.processes.postgres import EmbeddedPostgres

        server = EmbeddedPostgres(home, settings={"fsync": "off", "full_page_writes": "off"})
        server.start()
        os.environ["DATABASE_URL"] = server.url()
        atexit.register(server.stop)


_DATABASE_FIXTURES = {"db", "transactional_db", "django_db_setup", "django_db_reset_sequences", "live_server"}


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add `--only-database`."""
    parser.addoption("--only-database", action="store_true", help="only tests that use the database")


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what does not touch the database, where asked."""
    if not config.getoption("--only-database"):
        return
    kept = [item for item in items if _uses_database(item)]
    config.hook.pytest_deselected(items=[item for item in items if not _uses_database(item)])
    items[:] = kept


def _uses_database(item: pytest.Item) -> bool:
    asked = _DATABASE_FIXTURES.intersection(getattr(item, "fixturenames", ()))
    return bool(asked) or item.get_closest_marker("django_db") is not None
