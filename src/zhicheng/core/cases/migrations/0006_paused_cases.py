"""An index of the open cases whose clock stands still: a queue lists and counts them."""

from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("cases", "0005_joined_cases")]

    operations = [
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("final", False), ("facts__paused", True)),
                fields=["unit", "-opened_at", "-id"],
                name="case_paused",
            ),
        ),
    ]
