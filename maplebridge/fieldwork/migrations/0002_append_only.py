"""Visits and the history of places are written once."""

from django.db import migrations

from maplebridge.trust.rules import APPEND_ONLY_SQL


class Migration(migrations.Migration):
    dependencies = [
        ("fieldwork", "0001_places_needs_visits"),
        ("trust", "0001_vault_and_ledger"),
    ]
    operations = [
        migrations.RunSQL(APPEND_ONLY_SQL("fieldwork_placechange"), migrations.RunSQL.noop),
        migrations.RunSQL(APPEND_ONLY_SQL("fieldwork_visit"), migrations.RunSQL.noop),
    ]
