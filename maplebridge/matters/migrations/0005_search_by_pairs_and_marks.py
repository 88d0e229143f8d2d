from django.db import migrations


def reindex(apps, schema_editor):  # type: ignore[no-untyped-def]
    """The index says what today's code says; running it again changes nothing."""
    if not apps.get_model("matters", "Report").objects.exists():
        return
    from maplebridge.matters.actions.indexing import reindex_all  # noqa: PLC0415

    reindex_all()


class Migration(migrations.Migration):
    dependencies = [("matters", "0004_urgency_parts_saved_filters")]

    operations = [migrations.RunPython(reindex, migrations.RunPython.noop)]
