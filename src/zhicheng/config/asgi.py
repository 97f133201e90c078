"""The ASGI entry of the door: Django is made ready before the door's own modules are imported."""

import os

import django
from django.utils.module_loading import import_string

from zhicheng.config.processes.lifeline import die_with_parent

if "ZHICHENG_SUPERVISED" in os.environ:
    die_with_parent()
os.environ.setdefault("DJANGO_SETTINGS_MODULE", "zhicheng.config.settings")
django.setup()
application = import_string("zhicheng.config.door.app.build")()
