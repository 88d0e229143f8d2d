from django.db import migrations, models

OPEN = ["reported", "dispatched", "accepted", "in_progress", "handled", "returned"]


class Migration(migrations.Migration):
    """The map counts and finds open matters by their place without reading their rows."""

    dependencies = [("matters", "0005_search_by_pairs_and_marks")]

    operations = [
        migrations.AddIndex(
            model_name="matter",
            index=models.Index(
                fields=["lon", "lat"],
                include=["id", "area_code", "due_at", "suspended_until"],
                name="matter_open_place",
                condition=models.Q(("lon__isnull", False), ("status__in", OPEN)),
            ),
        ),
    ]
