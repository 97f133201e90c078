"""Who may act for a company."""

import django.contrib.postgres.fields
import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('parties', '0004_identity_proofs'),
    ]

    operations = [
        migrations.CreateModel(
            name='Membership',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('phone_hash', models.BinaryField(null=True)),
                ('name_hash', models.BinaryField(null=True)),
                ('shown', models.CharField(blank=True, max_length=80)),
                ('role', models.CharField(max_length=16)),
                ('scopes', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=20), size=None)),
                ('source', models.CharField(max_length=16)),
                ('starts_at', models.DateTimeField()),
                ('ends_at', models.DateTimeField(null=True)),
                ('ended_at', models.DateTimeField(null=True)),
                ('company', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.party')),
                ('given_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.party')),
                ('person', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.party')),
            ],
            options={
                'indexes': [
                    models.Index(condition=models.Q(('ended_at__isnull', True)), fields=['person'], name='membership_person'),
                    models.Index(condition=models.Q(('ended_at__isnull', True)), fields=['phone_hash'], name='membership_phone'),
                ],
                'constraints': [
                    models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True), ('person__isnull', False)), fields=('company', 'person', 'role'), name='membership_once'),
                    models.UniqueConstraint(condition=models.Q(('ended_at__isnull', True), ('person__isnull', True)), fields=('company', 'phone_hash'), name='membership_waits_once'),
                ],
            },
        ),
    ]
