from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("telemetry", "0003_boxes")]

    operations = [
        migrations.AddIndex(
            model_name="alarm",
            index=models.Index(
                condition=models.Q(("closed_at__isnull", True)), fields=["-raised_at"], name="telemetry_alarm_open"
            ),
        ),
    ]
