from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("telemetry", "0004_open_alarms")]

    operations = [
        migrations.AddField(
            model_name="signal",
            name="again_us",
            field=models.BigIntegerField(default=0, db_default=0),
        )
    ]
