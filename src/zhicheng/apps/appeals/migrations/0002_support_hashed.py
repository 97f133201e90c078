"""Who joined an appeal is kept as a keyed hash only: rows from before are hashed as `operations.support` does now."""

from django.db import migrations
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import StateApps

from zhicheng.core.parties.public import keyring


def hash_supporters(apps: StateApps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Replace `kind:key` by its hash; a hash has no colon."""
    support = apps.get_model("appeals", "Support")
    for row in support.objects.filter(who__contains=":").iterator():
        row.who = keyring().digest("appeals.support", f"{row.appeal_id} {row.who}").hex()
        row.save(update_fields=["who"])


class Migration(migrations.Migration):
    """Data only; what was hashed stays so."""

    dependencies = [("appeals", "0001_initial")]
    operations = [migrations.RunPython(hash_supporters, migrations.RunPython.noop)]
