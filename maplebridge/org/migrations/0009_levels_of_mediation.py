"""Specialised and county committees are kinds of units of their own."""

from django.db import migrations, models

KINDS = [
    ("command_room", "Command room"),
    ("service_centre", "Service centre"),
    ("police", "Police station"),
    ("government", "Town government"),
    ("enforcement", "Comprehensive enforcement"),
    ("emergency", "Emergency management and fire"),
    ("forestry", "Forestry and water"),
    ("construction", "Village and town construction"),
    ("market", "Market supervision"),
    ("labour", "Labour inspection"),
    ("welfare", "Civil affairs"),
    ("sanitation", "Sanitation"),
    ("utility", "Utility or owner of facilities"),
    ("county_mediation", "County mediation committee"),
    ("special_mediation", "Specialised mediation committee"),
    ("town_mediation", "Town mediation committee"),
    ("village_mediation", "Village mediation committee"),
    ("village", "Village committee"),
    ("grid", "Grid team"),
]


class Migration(migrations.Migration):
    dependencies = [("org", "0008_seasons_by_day_and_planned_changes")]

    operations = [
        migrations.AlterField(
            model_name="unit",
            name="kind",
            field=models.CharField(choices=KINDS, max_length=20, verbose_name="kind"),
        ),
        migrations.AlterField(
            model_name="duty",
            name="lead_kind",
            field=models.CharField(
                blank=True,
                choices=KINDS,
                max_length=20,
                verbose_name="or the nearest unit of kind",
            ),
        ),
    ]
