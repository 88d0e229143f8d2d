from django.db import migrations, models


class Migration(migrations.Migration):
    initial = True

    dependencies = []

    operations = [
        migrations.CreateModel(
            name="Blob",
            fields=[
                (
                    "sha256",
                    models.CharField(
                        max_length=64,
                        primary_key=True,
                        serialize=False,
                        verbose_name="hash as sent",
                    ),
                ),
                (
                    "stored_sha256",
                    models.CharField(db_index=True, max_length=64, verbose_name="hash as kept"),
                ),
                ("kind", models.CharField(max_length=20, verbose_name="media type as kept")),
                ("size", models.PositiveIntegerField(verbose_name="bytes as kept")),
                ("width", models.PositiveIntegerField(verbose_name="width")),
                ("height", models.PositiveIntegerField(verbose_name="height")),
                ("created_at", models.DateTimeField(verbose_name="time")),
                ("uploaded_by_kind", models.CharField(max_length=12, verbose_name="sent by")),
                ("erased_at", models.DateTimeField(null=True, verbose_name="erased at")),
            ],
            options={
                "verbose_name": "file",
                "verbose_name_plural": "files",
            },
        ),
    ]
