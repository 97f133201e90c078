"""Django registration of the faces: templates, static files, template tags."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    """One Django app for all faces; portal, workbench and cockpit are packages of views."""

    name = "zhicheng.web"
    label = "web"
