import datetime

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

import maplebridge.kernel.ids


class Migration(migrations.Migration):
    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="Preference",
            fields=[
                (
                    "person",
                    models.OneToOneField(
                        on_delete=django.db.models.deletion.CASCADE,
                        primary_key=True,
                        related_name="+",
                        serialize=False,
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
                (
                    "quiet_from",
                    models.TimeField(default=datetime.time(21, 0), verbose_name="quiet from"),
                ),
                (
                    "quiet_to",
                    models.TimeField(default=datetime.time(7, 30), verbose_name="quiet until"),
                ),
                (
                    "assigned",
                    models.CharField(
                        choices=[
                            ("at_once", "At once"),
                            ("gathered", "Gathered, twice a day"),
                            ("off", "Only in Maplebridge"),
                        ],
                        default="at_once",
                        max_length=8,
                    ),
                ),
                (
                    "decisions",
                    models.CharField(
                        choices=[
                            ("at_once", "At once"),
                            ("gathered", "Gathered, twice a day"),
                            ("off", "Only in Maplebridge"),
                        ],
                        default="at_once",
                        max_length=8,
                    ),
                ),
                (
                    "late",
                    models.CharField(
                        choices=[
                            ("at_once", "At once"),
                            ("gathered", "Gathered, twice a day"),
                            ("off", "Only in Maplebridge"),
                        ],
                        default="gathered",
                        max_length=8,
                    ),
                ),
            ],
            options={
                "verbose_name": "preference",
                "verbose_name_plural": "preferences",
            },
        ),
        migrations.CreateModel(
            name="Channel",
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
                (
                    "kind",
                    models.CharField(
                        choices=[
                            ("mail", "Mail"),
                            ("dingtalk", "DingTalk"),
                            ("wecom", "WeCom"),
                            ("feishu", "Feishu"),
                        ],
                        max_length=8,
                        verbose_name="channel",
                    ),
                ),
                ("active", models.BooleanField(default=True)),
                ("address", models.BinaryField()),
                ("last_sent_at", models.DateTimeField(null=True)),
                ("failing_since", models.DateTimeField(null=True)),
                ("failures", models.PositiveSmallIntegerField(default=0)),
                ("retry_at", models.DateTimeField(null=True)),
                ("failure", models.CharField(blank=True, max_length=12)),
                ("detail", models.CharField(blank=True, max_length=20)),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="channels",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "channel",
                "verbose_name_plural": "channels",
            },
        ),
        migrations.CreateModel(
            name="Message",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("kind", models.CharField(max_length=20)),
                ("number", models.CharField(max_length=32, verbose_name="number")),
                ("category", models.CharField(blank=True, max_length=60, verbose_name="category")),
                ("urgent", models.BooleanField(default=False)),
                ("at", models.DateTimeField(verbose_name="time")),
                ("read", models.BooleanField(default=False)),
                ("source", models.UUIDField()),
                (
                    "person",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="messages",
                        to=settings.AUTH_USER_MODEL,
                    ),
                ),
            ],
            options={
                "verbose_name": "message",
                "verbose_name_plural": "messages",
            },
        ),
        migrations.CreateModel(
            name="Delivery",
            fields=[
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                (
                    "state",
                    models.CharField(
                        choices=[
                            ("waiting", "Waiting"),
                            ("sent", "Sent"),
                            ("given_up", "Given up"),
                        ],
                        default="waiting",
                        max_length=8,
                    ),
                ),
                ("due_at", models.DateTimeField()),
                ("tries", models.PositiveSmallIntegerField(default=0)),
                (
                    "channel",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="notify.channel",
                    ),
                ),
                (
                    "message",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="deliveries",
                        to="notify.message",
                    ),
                ),
            ],
            options={
                "verbose_name": "delivery",
                "verbose_name_plural": "deliveries",
            },
        ),
        migrations.AddConstraint(
            model_name="channel",
            constraint=models.UniqueConstraint(
                fields=("person", "kind"), name="notify_one_channel_of_a_kind"
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(fields=["person", "read", "-id"], name="notify_message_list"),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(
                condition=models.Q(("read", False)), fields=["person"], name="notify_unread"
            ),
        ),
        migrations.AddIndex(
            model_name="message",
            index=models.Index(fields=["at"], name="notify_message_age"),
        ),
        migrations.AddConstraint(
            model_name="message",
            constraint=models.UniqueConstraint(
                fields=("person", "source"), name="notify_told_once"
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("state", "waiting")),
                fields=["channel", "due_at"],
                name="notify_delivery_due",
            ),
        ),
        migrations.AddIndex(
            model_name="delivery",
            index=models.Index(
                condition=models.Q(("state", "given_up")),
                fields=["channel"],
                name="notify_delivery_given_up",
            ),
        ),
        migrations.AddConstraint(
            model_name="delivery",
            constraint=models.UniqueConstraint(
                fields=("message", "channel"), name="notify_delivered_once"
            ),
        ),
    ]
