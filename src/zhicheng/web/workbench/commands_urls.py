"""Addresses of asking the map in words."""

from django.urls import path

from zhicheng.web.workbench import commands, commands_acts

urlpatterns = [
    path("", commands.page, name="ask"),
    path("suggest/", commands.suggest, name="ask-suggest"),
    path("features.json", commands.features, name="ask-features"),
    path("answer.csv", commands.export, name="ask-export"),
    path("watch/", commands_acts.watch, name="ask-watch"),
    path("watch/<uuid:number>/end/", commands_acts.unwatch, name="ask-unwatch"),
    path("act/", commands_acts.act, name="ask-act"),
    path("forget/", commands_acts.forget, name="ask-forget"),
]
