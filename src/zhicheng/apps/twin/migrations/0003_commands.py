import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ("twin", "0002_applications"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="AskedQuestion",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("text", models.CharField(max_length=200)),
                ("sentence", models.CharField(max_length=600)),
                ("asked_at", models.DateTimeField()),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={"ordering": ["-asked_at"]},
        ),
        migrations.CreateModel(
            name="WatchedQuestion",
            fields=[
                ("id", models.UUIDField(primary_key=True, serialize=False)),
                ("text", models.CharField(max_length=200)),
                ("plain", models.JSONField(null=True)),
                ("sentence", models.CharField(max_length=600)),
                ("digest", models.CharField(max_length=64)),
                ("summary", models.CharField(max_length=120)),
                ("created_at", models.DateTimeField()),
                ("checked_at", models.DateTimeField()),
                ("changed_at", models.DateTimeField(null=True)),
                ("ended_at", models.DateTimeField(null=True)),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE, related_name="+", to=settings.AUTH_USER_MODEL
                    ),
                ),
            ],
            options={"ordering": ["-created_at"]},
        ),
        migrations.AddConstraint(
            model_name="askedquestion",
            constraint=models.UniqueConstraint(fields=("account", "text"), name="twin_asked_once"),
        ),
        migrations.AddIndex(
            model_name="watchedquestion",
            index=models.Index(
                condition=models.Q(("ended_at", None)), fields=["checked_at"], name="twin_watched_checked"
            ),
        ),
    ]
