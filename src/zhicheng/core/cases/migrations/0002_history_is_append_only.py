"""A history row can be added, never changed or removed."""

from django.db import migrations

FORWARD = """
CREATE FUNCTION cases_history_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'the history of a case is append-only';
END $$;
CREATE TRIGGER cases_history_append_only BEFORE UPDATE OR DELETE ON cases_history
    FOR EACH ROW EXECUTE FUNCTION cases_history_refuse();
"""
BACKWARD = """
DROP TRIGGER cases_history_append_only ON cases_history;
DROP FUNCTION cases_history_refuse();
"""


class Migration(migrations.Migration):
    """The trigger of `cases_history`."""

    dependencies = [("cases", "0001_initial")]
    operations = [migrations.RunSQL(FORWARD, BACKWARD)]
