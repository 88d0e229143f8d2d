from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("org", "0009_levels_of_mediation")]

    operations = [
        migrations.AlterField(
            model_name="category",
            name="name_en",
            field=models.CharField(blank=True, max_length=80, verbose_name="English name"),
        ),
        migrations.AlterField(
            model_name="category",
            name="group_en",
            field=models.CharField(blank=True, max_length=60, verbose_name="English group"),
        ),
    ]
