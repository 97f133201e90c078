"""What the schema cannot say: releases and definitions are added, never changed or deleted."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION packs_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of % is refused: running cases stand on it', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER packs_release_fixed BEFORE UPDATE OR DELETE ON packs_release
    FOR EACH ROW EXECUTE FUNCTION packs_refuse();
CREATE TRIGGER packs_definition_fixed BEFORE UPDATE OR DELETE ON packs_definition
    FOR EACH ROW EXECUTE FUNCTION packs_refuse();
"""
UNREFUSE = """
DROP TRIGGER packs_release_fixed ON packs_release;
DROP TRIGGER packs_definition_fixed ON packs_definition;
DROP FUNCTION packs_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("packs", "0001_initial")]

    operations = [migrations.RunSQL(REFUSE, UNREFUSE)]
