"""What the schema cannot say: entries and checkpoints are append-only; busy tables are vacuumed early.

A trigger stops mistakes and application code; an administrator of the database can switch it off, and is found out by
`verify`. TRUNCATE is refused everywhere but in a test database (`test_…`), which the test runner empties that way.
"""

from django.db import migrations

REFUSE = """
CREATE FUNCTION ledger_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '% of % is refused: the ledger is append-only', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER ledger_entry_no_delete BEFORE DELETE ON ledger_entry
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_entry_seal_once BEFORE UPDATE ON ledger_entry
    FOR EACH ROW WHEN (
        OLD.seq IS NOT NULL OR OLD.chain IS NOT NULL OR NEW.seq IS NULL OR NEW.chain IS NULL
        OR (OLD.id, OLD.at, OLD.actor, OLD.action, OLD.subject, OLD.reason, OLD.rule, OLD.data, OLD.digest)
            IS DISTINCT FROM
           (NEW.id, NEW.at, NEW.actor, NEW.action, NEW.subject, NEW.reason, NEW.rule, NEW.data, NEW.digest)
    ) EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_checkpoint_no_change BEFORE UPDATE OR DELETE ON ledger_checkpoint
    FOR EACH ROW EXECUTE FUNCTION ledger_refuse();
"""
UNREFUSE = """
DROP TRIGGER ledger_entry_no_delete ON ledger_entry;
DROP TRIGGER ledger_entry_seal_once ON ledger_entry;
DROP TRIGGER ledger_checkpoint_no_change ON ledger_checkpoint;
DROP FUNCTION ledger_refuse() CASCADE;
"""
NO_TRUNCATE = """
CREATE TRIGGER ledger_entry_no_truncate BEFORE TRUNCATE ON ledger_entry
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
CREATE TRIGGER ledger_checkpoint_no_truncate BEFORE TRUNCATE ON ledger_checkpoint
    FOR EACH STATEMENT EXECUTE FUNCTION ledger_refuse();
"""
NO_TRUNCATE_OUTSIDE_TESTS = f"""
DO $guard$
BEGIN
    IF current_database() NOT LIKE 'test\\_%' THEN
        {NO_TRUNCATE}
    END IF;
END $guard$;
"""
VACUUM = """
ALTER TABLE ledger_outbox SET (autovacuum_vacuum_scale_factor = 0.0, autovacuum_vacuum_threshold = 2000);
ALTER TABLE ledger_idempotency SET (autovacuum_vacuum_scale_factor = 0.02);
ALTER TABLE ledger_entry SET (autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
"""


class Migration(migrations.Migration):
    dependencies = [("ledger", "0001_initial")]

    operations = [
        migrations.RunSQL(REFUSE, UNREFUSE),
        migrations.RunSQL(NO_TRUNCATE_OUTSIDE_TESTS, migrations.RunSQL.noop),
        migrations.RunSQL(VACUUM, migrations.RunSQL.noop),
    ]
