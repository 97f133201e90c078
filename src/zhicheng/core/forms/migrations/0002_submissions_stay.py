"""What the schema cannot say: a submission is never changed or deleted; only its envelope may be resealed or emptied."""

from django.db import migrations

REFUSE = """
CREATE FUNCTION forms_refuse() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE'
        AND (NEW.id, NEW.draft, NEW.owner, NEW.form, NEW.definition, NEW.content_digest, NEW.submitted_at)
          = (OLD.id, OLD.draft, OLD.owner, OLD.form, OLD.definition, OLD.content_digest, OLD.submitted_at)
        AND NEW.party_id IS NOT DISTINCT FROM OLD.party_id AND NEW.subject IS NOT DISTINCT FROM OLD.subject
    THEN
        RETURN NEW;
    END IF;
    RAISE EXCEPTION '% of % is refused: a decision stands on it', TG_OP, TG_TABLE_NAME
        USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE TRIGGER forms_submission_fixed BEFORE UPDATE OR DELETE ON forms_formsubmission
    FOR EACH ROW EXECUTE FUNCTION forms_refuse();
"""
UNREFUSE = """
DROP TRIGGER forms_submission_fixed ON forms_formsubmission;
DROP FUNCTION forms_refuse();
"""


class Migration(migrations.Migration):
    dependencies = [("forms", "0001_initial")]

    operations = [migrations.RunSQL(REFUSE, UNREFUSE)]
