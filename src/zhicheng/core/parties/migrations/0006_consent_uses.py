"""What consents were used for."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('parties', '0005_memberships'),
    ]

    operations = [
        migrations.CreateModel(
            name='ConsentUse',
            fields=[
                ('id', models.UUIDField(primary_key=True, serialize=False)),
                ('used_at', models.DateTimeField()),
                ('words', models.CharField(max_length=400)),
                ('consent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='parties.consent')),
            ],
            options={
                'indexes': [models.Index(fields=['consent', '-used_at'], name='consent_use')],
            },
        ),
    ]
