"""Our own base map: outlines of districts, streets, communities and grids."""

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_GET

from zhicheng.core.places.public import area_geojson, atlas_revision, get_division
from zhicheng.web.edge.errors import respond

LEVELS = ("city", "district", "street", "community", "grid")
_WHOLE_CITY = {"city", "district", "street"}


@require_GET
def outlines(request: HttpRequest, level: str) -> HttpResponse:
    """Outlines of a level, `?within=<division>` narrows it; the finer levels need that."""
    within = request.GET.get("within") or None
    if level not in LEVELS or (within is None and level not in _WHOLE_CITY):
        return respond(request, 404, "没有这一层地图。")
    if within is not None:
        get_division(within)
    etag = f'"{atlas_revision()}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponse(status=304)
    response = HttpResponse(area_geojson(level, within), content_type="application/geo+json")
    response["ETag"] = etag
    response["Cache-Control"] = "public, max-age=300"
    return response
