"""The first page of the service: its sets and what it conforms to."""

from typing import Any

from zhicheng.core.telemetry.policy.sensorthings.schema import SETS

_BASE = "http://www.opengis.net/spec/iot_sensing/1.1/req"
CONFORMANCE = (
    f"{_BASE}/datamodel",
    f"{_BASE}/resource-path/resource-path-to-entities",
    f"{_BASE}/request-data",
    f"{_BASE}/create-update-delete/create-entity",
    f"{_BASE}/create-update-delete/link-to-existing-entities",
    f"{_BASE}/create-update-delete/deep-insert",
    f"{_BASE}/create-update-delete/deep-insert-status-code",
    f"{_BASE}/create-update-delete/update-entity",
    f"{_BASE}/create-update-delete/update-entity-jsonpatch",
    f"{_BASE}/create-update-delete/delete-entity",
    f"{_BASE}/create-update-delete/historical-location-auto-creation",
    f"{_BASE}/batch-request/batch-request",
    f"{_BASE}/data-array/data-array",
    f"{_BASE}/create-observations-via-mqtt/observations-creation",
)


def landing_page(base: str) -> dict[str, Any]:
    """The address of every set, and the list of conformance classes (18-088, 9.2.1)."""
    return {
        "value": [{"name": name, "url": f"{base}/{name}"} for name in SETS],
        "serverSettings": {"conformance": list(CONFORMANCE)},
    }
