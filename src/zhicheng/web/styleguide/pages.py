"""Every page template with an illustrative context, so that it can be seen before its view exists."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from zhicheng.web.styleguide import samples


@dataclass(frozen=True)
class PageSample:
    """One page template; its context is `samples/<sample or name>.yaml`, changed by `changes`."""

    face: str
    title: str
    template: str
    sample: str
    changes: Mapping[str, Any]

    def context(self, now: datetime) -> dict[str, Any]:
        """What the page is shown with."""
        return {**samples.load(self.sample, now), **self.changes}


def _page(face: str, title: str, template: str, sample: str, **changes: Any) -> PageSample:
    return PageSample(face, title, template, sample, changes)


PAGES: dict[str, PageSample] = {}
