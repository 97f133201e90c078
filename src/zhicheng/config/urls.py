"""All addresses."""

from django.urls import URLPattern, URLResolver, include, path

from zhicheng.config.api import api
from zhicheng.core.telemetry.api import sensor_things

urlpatterns: list[URLPattern | URLResolver] = [
    path("api/", api.urls),
    path("sta/v1.1", sensor_things),
    path("sta/v1.1/<path:path>", sensor_things),
    path("", include("zhicheng.web.shared.urls")),
    path("", include("zhicheng.web.portal.urls")),
    path("", include("zhicheng.web.portal.licence_urls")),
    path("", include("zhicheng.web.portal.benefit_urls")),
    path("", include("zhicheng.web.signin.urls")),
    path("workbench/", include("zhicheng.web.workbench.urls")),
    path("workbench/devices/", include("zhicheng.web.workbench.devices_urls")),
    path("workbench/", include("zhicheng.web.workbench.licence_urls")),
    path("workbench/", include("zhicheng.web.workbench.benefit_urls")),
    path("cockpit/", include("zhicheng.web.cockpit.urls")),
    path("styleguide/", include("zhicheng.web.styleguide.urls")),
]
handler400 = "zhicheng.web.edge.errors.bad_request"
handler403 = "zhicheng.web.edge.errors.forbidden"
handler404 = "zhicheng.web.edge.errors.not_found"
handler500 = "zhicheng.web.edge.errors.server_error"
