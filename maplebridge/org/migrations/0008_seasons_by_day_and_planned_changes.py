import datetime

import django.db.models.deletion
from django.db import migrations, models

import maplebridge.org.models.calendar


class Migration(migrations.Migration):
    dependencies = [
        ("org", "0007_words_of_fields"),
    ]

    operations = [
        migrations.AlterModelOptions(
            name="workseason",
            options={
                "ordering": ["from_month_day", "valid_from"],
                "verbose_name": "working hours",
                "verbose_name_plural": "working hours",
            },
        ),
        migrations.AddField(
            model_name="change",
            name="day",
            field=models.DateField(null=True, verbose_name="from which day on"),
        ),
        migrations.AddField(
            model_name="change",
            name="settles",
            field=models.OneToOneField(
                null=True,
                on_delete=django.db.models.deletion.PROTECT,
                related_name="settled",
                to="org.change",
            ),
        ),
        migrations.AddField(
            model_name="workseason",
            name="valid_from",
            field=models.DateField(default=datetime.date(2000, 1, 1), verbose_name="valid from"),
        ),
        migrations.AddField(
            model_name="workseason",
            name="valid_to",
            field=models.DateField(blank=True, null=True, verbose_name="valid to"),
        ),
        migrations.AlterField(
            model_name="change",
            name="act",
            field=models.CharField(
                choices=[
                    ("added", "Added"),
                    ("changed", "Changed"),
                    ("taken_over", "Changed from a day on"),
                    ("removed", "Withdrawn"),
                    ("planned", "Planned"),
                    ("password", "New first password"),
                    ("unlocked", "Unlocked"),
                ],
                default="changed",
                max_length=12,
                verbose_name="act",
            ),
        ),
        migrations.AlterField(
            model_name="workseason",
            name="from_month_day",
            field=models.CharField(
                help_text="The day of the year, such as 07-01.",
                max_length=5,
                verbose_name="from (MM-DD)",
            ),
        ),
        migrations.AlterField(
            model_name="workseason",
            name="spans",
            field=models.CharField(
                help_text="Such as 08:30-12:00,14:00-17:30.",
                max_length=60,
                validators=[maplebridge.org.models.calendar.check_spans],
                verbose_name="working hours",
            ),
        ),
        migrations.AddConstraint(
            model_name="workseason",
            constraint=models.CheckConstraint(
                condition=models.Q(
                    ("valid_to__isnull", True),
                    ("valid_to__gte", models.F("valid_from")),
                    _connector="OR",
                ),
                name="org_workseason_dates_in_order",
            ),
        ),
        migrations.AddConstraint(
            model_name="workseason",
            constraint=models.UniqueConstraint(
                fields=("from_month_day", "valid_from"), name="org_work_season_once_a_day"
            ),
        ),
    ]
