"""A committee's level is the kind of its unit; it was kept beside it before."""

from typing import Any

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def tell_units(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Units that were made specialised or county committees by their level get that kind."""
    committees: Any = apps.get_model("mediation", "Committee")
    units: Any = apps.get_model("org", "Unit")
    for tier in ("village", "town", "special", "county"):
        ids = list(committees.objects.filter(tier=tier).values_list("unit", flat=True))
        units.objects.filter(pk__in=ids).update(kind=f"{tier}_mediation")


def tell_committees(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Back: the level of each committee from the kind of its unit."""
    committees: Any = apps.get_model("mediation", "Committee")
    for committee in committees.objects.select_related("unit"):
        committee.tier = committee.unit.kind.removesuffix("_mediation")
        committee.save(update_fields=["tier"])


class Migration(migrations.Migration):
    dependencies = [
        ("mediation", "0003_paper_templates"),
        ("org", "0007_words_of_fields"),
    ]

    operations = [
        migrations.AlterField(
            model_name="committee",
            name="tier",
            field=models.CharField(default="village", max_length=8),
        ),
        migrations.RunPython(tell_units, tell_committees),
        migrations.RemoveField(model_name="committee", name="tier"),
    ]
