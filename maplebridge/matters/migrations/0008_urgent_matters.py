from django.db import migrations, models
from django.db.models import F


class Migration(migrations.Migration):
    dependencies = [("matters", "0007_voice_notes")]

    operations = [
        migrations.AddIndex(
            model_name="matter",
            index=models.Index(
                F("due_at"),
                F("id"),
                condition=models.Q(
                    (
                        "status__in",
                        [
                            "reported",
                            "dispatched",
                            "accepted",
                            "in_progress",
                            "handled",
                            "returned",
                        ],
                    ),
                    ("urgent", True),
                ),
                name="matter_urgent",
            ),
        ),
    ]
