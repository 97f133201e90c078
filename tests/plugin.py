"""Early pytest plugin (`-p tests.plugin`): a real PostgreSQL for the run, before Django reads its settings.

`DATABASE_URL` is used when set (CI's second pass); otherwise an embedded server starts in a temporary folder and
stops with the run. Workers of pytest-xdist inherit the address.
"""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

from zhicheng.config.logs import configure_logs

configure_logs()
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
