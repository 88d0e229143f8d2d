import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import maplebridge.kernel.ids
from maplebridge.trust.rules import APPEND_ONLY_FUNCTION_SQL, APPEND_ONLY_SQL


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="DayRoot",
            fields=[
                ("day", models.DateField(primary_key=True, serialize=False, verbose_name="day")),
                ("count", models.PositiveIntegerField(verbose_name="events")),
                ("highest_id", models.BigIntegerField(verbose_name="highest number")),
                ("root", models.BinaryField(max_length=32, verbose_name="root")),
                (
                    "previous_digest",
                    models.BinaryField(max_length=32, verbose_name="digest of the day before"),
                ),
                ("digest", models.BinaryField(max_length=32, verbose_name="digest")),
                ("leaves", models.BinaryField()),
                ("closed_at", models.DateTimeField(verbose_name="closed at")),
            ],
            options={
                "verbose_name": "day root",
                "verbose_name_plural": "day roots",
                "ordering": ["-day"],
            },
        ),
        migrations.CreateModel(
            name="AccessLog",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("subject", models.UUIDField(db_index=True, verbose_name="subject")),
                ("field", models.CharField(max_length=40, verbose_name="field")),
                ("actor_kind", models.CharField(max_length=12, verbose_name="acting as")),
                ("post_id", models.BigIntegerField(null=True, verbose_name="post")),
                ("purpose", models.TextField(verbose_name="purpose")),
                ("at", models.DateTimeField(db_index=True, verbose_name="time")),
                (
                    "person",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="person",
                    ),
                ),
            ],
            options={
                "verbose_name": "reading of personal data",
                "verbose_name_plural": "readings of personal data",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="Erasure",
            fields=[
                ("id", models.BigAutoField(primary_key=True, serialize=False)),
                ("subject", models.UUIDField(db_index=True, verbose_name="subject")),
                ("reason", models.TextField(verbose_name="reason")),
                ("at", models.DateTimeField(verbose_name="time")),
                ("fields", models.JSONField(verbose_name="fields")),
                (
                    "asked_by",
                    models.ForeignKey(
                        null=True,
                        on_delete=django.db.models.deletion.PROTECT,
                        related_name="+",
                        to=settings.AUTH_USER_MODEL,
                        verbose_name="done by",
                    ),
                ),
            ],
            options={
                "verbose_name": "erasure",
                "verbose_name_plural": "erasures",
                "ordering": ["-id"],
            },
        ),
        migrations.CreateModel(
            name="Passage",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=maplebridge.kernel.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("salt", models.BinaryField(max_length=16)),
                ("text", models.TextField(verbose_name="text")),
                ("created_at", models.DateTimeField(verbose_name="time")),
                ("erased_at", models.DateTimeField(null=True, verbose_name="erased at")),
            ],
            options={
                "verbose_name": "passage",
                "verbose_name_plural": "passages",
                "indexes": [
                    models.Index(
                        condition=models.Q(("erased_at__isnull", True)),
                        fields=["created_at"],
                        name="trust_passage_expiry",
                    )
                ],
            },
        ),
        migrations.CreateModel(
            name="VaultEntry",
            fields=[
                (
                    "id",
                    models.UUIDField(
                        default=maplebridge.kernel.ids.uuid7,
                        editable=False,
                        primary_key=True,
                        serialize=False,
                    ),
                ),
                ("subject", models.UUIDField(verbose_name="subject")),
                ("field", models.CharField(max_length=40, verbose_name="field")),
                ("cipher", models.BinaryField()),
                ("lookup", models.BinaryField(max_length=32, null=True)),
                ("created_at", models.DateTimeField(verbose_name="time")),
                ("erase_after", models.DateField(verbose_name="erase after")),
                ("erased_at", models.DateTimeField(null=True, verbose_name="erased at")),
            ],
            options={
                "verbose_name": "vault entry",
                "verbose_name_plural": "vault entries",
                "indexes": [
                    models.Index(fields=["subject"], name="trust_vault_subject"),
                    models.Index(
                        condition=models.Q(("lookup__isnull", False)),
                        fields=["lookup"],
                        name="trust_vault_lookup",
                    ),
                    models.Index(
                        condition=models.Q(("erased_at__isnull", True)),
                        fields=["erase_after"],
                        name="trust_vault_expiry",
                    ),
                ],
                "constraints": [
                    models.UniqueConstraint(
                        condition=models.Q(("erased_at__isnull", True)),
                        fields=("subject", "field"),
                        name="trust_one_live_field_per_subject",
                    )
                ],
            },
        ),
        migrations.RunSQL(APPEND_ONLY_FUNCTION_SQL, "DROP FUNCTION trust_append_only() CASCADE"),
        *(
            migrations.RunSQL(APPEND_ONLY_SQL(table), migrations.RunSQL.noop)
            for table in ("trust_accesslog", "trust_dayroot", "trust_erasure")
        ),
    ]
