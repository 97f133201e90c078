"""Proofs of identity. Numbers written down before are not proven by anybody, and count no more."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("parties", "0003_consents"),
    ]

    operations = [
        migrations.CreateModel(
            name="IdentityProof",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("number_hash", models.BinaryField()),
                ("provider", models.CharField(max_length=64)),
                ("level", models.CharField(max_length=20)),
                ("proven_at", models.DateTimeField()),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "party",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="parties.party"
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)), fields=("party",), name="identity_party_once"
                    ),
                    models.UniqueConstraint(
                        condition=models.Q(("ended_at__isnull", True)),
                        fields=("number_hash",),
                        name="identity_number_once",
                    ),
                ],
            },
        ),
    ]
