from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("lake", "0001_initial"),
    ]

    operations = [
        migrations.CreateModel(
            name="Change",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("table", models.CharField(max_length=63)),
                ("key", models.CharField(max_length=80)),
                ("at", models.DateTimeField()),
            ],
            options={
                "indexes": [models.Index(fields=["table", "id"], name="lake_change_next")],
            },
        ),
    ]
