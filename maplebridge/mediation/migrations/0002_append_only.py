"""Steps of mediations are written once."""

from django.db import migrations

from maplebridge.trust.rules import APPEND_ONLY_SQL


class Migration(migrations.Migration):
    dependencies = [
        ("mediation", "0001_files_people_talks"),
        ("trust", "0001_vault_and_ledger"),
    ]
    operations = [
        migrations.RunSQL(APPEND_ONLY_SQL("mediation_mediationevent"), migrations.RunSQL.noop),
    ]
