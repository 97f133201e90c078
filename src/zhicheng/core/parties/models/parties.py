"""Persons and organisations. Every personal field is sealed; what can be searched is a keyed hash."""

from django.db import models
from django.db.models import Q


def _hash_index(column: str, name: str) -> models.Index:
    return models.Index(fields=[column], name=name, condition=Q(**{f"{column}__isnull": False}))


class Party(models.Model):
    """A person or an organisation that takes part in a case.

    The `*_sealed` columns hold envelopes of `crypto.py` (suite, key id, nonce, ciphertext, tag), bound to
    this row and field. The `*_hash` columns are HMAC-SM3 under the look-up key; `*_tail_hash` is that of the
    last four characters. `key_id` is the oldest key among the row's envelopes, so that rotation finds what it
    still has to do.
    """

    id = models.UUIDField(primary_key=True)
    kind = models.CharField(max_length=12)
    name_sealed = models.BinaryField(null=True)
    id_number_sealed = models.BinaryField(null=True)
    phone_sealed = models.BinaryField(null=True)
    email_sealed = models.BinaryField(null=True)
    address_sealed = models.BinaryField(null=True)
    id_number_hash = models.BinaryField(null=True)
    id_number_tail_hash = models.BinaryField(null=True)
    phone_hash = models.BinaryField(null=True)
    phone_tail_hash = models.BinaryField(null=True)
    email_hash = models.BinaryField(null=True)
    key_id = models.IntegerField()
    created_at = models.DateTimeField()
    erased_at = models.DateTimeField(null=True)

    class Meta:
        """Look-ups by hash; partial, since most parties have few of the fields."""

        indexes = (
            _hash_index("id_number_hash", "party_id_number"),
            _hash_index("id_number_tail_hash", "party_id_tail"),
            _hash_index("phone_hash", "party_phone"),
            _hash_index("phone_tail_hash", "party_phone_tail"),
            models.Index(fields=["key_id", "id"], name="party_rotation"),
        )

    def __str__(self) -> str:
        return str(self.id)
