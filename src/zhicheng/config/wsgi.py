"""The WSGI entry of the web process."""

import os

from django.core.wsgi import get_wsgi_application
from django.utils.module_loading import import_string

from zhicheng.config import environment
from zhicheng.config.logs import configure_logs
from zhicheng.config.processes.lifeline import die_with_parent
from zhicheng.web.edge.uploads import reading_all

if "ZHICHENG_SUPERVISED" in os.environ:
    die_with_parent()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhicheng.config.settings")
configure_logs()
application = reading_all(get_wsgi_application())
if "ZHICHENG_SUPERVISED" in os.environ and environment.flag("ZHICHENG_WARM", default=True):
    import_string("zhicheng.config.processes.warming.warm_soon")()
