"""All addresses."""

from django.urls import URLPattern, URLResolver, include, path

from zhicheng.web.shared.preferences import set_preferences

urlpatterns: list[URLPattern | URLResolver] = [
    path("preferences/", set_preferences, name="preferences"),
    path("styleguide/", include("zhicheng.web.styleguide.urls")),
]
