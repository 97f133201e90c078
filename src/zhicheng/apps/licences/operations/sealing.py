"""Sealing rows anew after a rotation of the personal-data key."""

from django.db import transaction
from django.db.models import Q

from zhicheng.apps.licences.models import Licence
from zhicheng.core.parties.public import keyring

_FIELDS = ("fields", "credential")


def reseal_licences(current: int, batch: int) -> int:
    """Re-seal up to `batch` rows under the current key; how many are still under another."""
    old = Licence.objects.filter(Q(key_id__lt=current) | Q(key_id__gt=current))
    with transaction.atomic():
        for row in old.select_for_update(skip_locked=True).order_by("id")[:batch]:
            _reseal(row, current)
    return old.count()


def _reseal(row: Licence, current: int) -> None:
    ring = keyring()
    for field in _FIELDS:
        plain = ring.open(bytes(getattr(row, f"{field}_sealed")), row=row.id, field=field)
        setattr(row, f"{field}_sealed", ring.seal(plain, row=row.id, field=field))
    row.key_id = current
    row.save(update_fields=["fields_sealed", "credential_sealed", "key_id"])
