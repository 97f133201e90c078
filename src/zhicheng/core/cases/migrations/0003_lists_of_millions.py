"""Indexes that keep every list and search fast over millions of cases."""

import django.contrib.postgres.indexes
from django.db import migrations, models

import zhicheng.core.cases.models.case

_BIGRAMS = """
CREATE FUNCTION cases_bigrams(line text) RETURNS text[] LANGUAGE sql IMMUTABLE PARALLEL SAFE RETURNS NULL ON NULL INPUT
AS $$
  SELECT coalesce(array_agg(DISTINCT substr(lower(line), place, 2)), '{}')
  FROM generate_series(1, length(line) - 1) place
$$
"""


class Migration(migrations.Migration):
    dependencies = [("cases", "0002_history_is_append_only")]

    operations = [
        migrations.RunSQL(_BIGRAMS, "DROP FUNCTION cases_bigrams(text)"),
        migrations.RemoveIndex(model_name="case", name="case_unit_open"),
        migrations.RemoveIndex(model_name="case", name="case_title"),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("due_at__isnull", False)), fields=["due_at", "id"], name="case_due"
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("due_at__isnull", False)), fields=["unit", "due_at", "id"], name="case_unit_due"
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("parent__isnull", False)), fields=["unit", "parent"], name="case_child"
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("parent__isnull", False)), fields=["-opened_at", "-id"], name="case_child_new"
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("due_at__isnull", False), ("parent__isnull", False)),
                fields=["due_at", "id"],
                name="case_child_due",
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=models.Index(
                condition=models.Q(("urgent", True)), fields=["-opened_at", "-id"], name="case_urgent"
            ),
        ),
        migrations.AddIndex(
            model_name="case",
            index=django.contrib.postgres.indexes.GinIndex(
                zhicheng.core.cases.models.case.Bigrams("title"), name="case_title"
            ),
        ),
    ]
