"""How far a proxy may go: those entered before signed for their party, as it was then."""

from django.apps.registry import Apps
from django.db import migrations, models
from django.db.backends.base.schema import BaseDatabaseSchemaEditor


def keep_signing(apps: Apps, _editor: BaseDatabaseSchemaEditor) -> None:
    """Proxies had no limit so far."""
    parties = apps.get_model("mediation", "Party").objects
    parties.filter(represents__isnull=False, represents__minor=False).update(power="special")


class Migration(migrations.Migration):
    dependencies = [("mediation", "0004_level_is_the_kind_of_the_unit")]

    operations = [
        migrations.AddField(
            model_name="party",
            name="power",
            field=models.CharField(
                blank=True,
                choices=[
                    (
                        "general",
                        "General: takes part and states facts; the party itself approves and signs",
                    ),
                    ("special", "Special: may concede, settle and sign for the party"),
                ],
                default="",
                max_length=8,
                verbose_name="extent of authority",
            ),
            preserve_default=False,
        ),
        migrations.RunPython(keep_signing, migrations.RunPython.noop),
    ]
