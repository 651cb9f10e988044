import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("addon", "0001_initial")]

    operations = [
        # The rows stay: their options become the start values of the site or the space.
        migrations.RenameModel("SavedOptions", "SavedSettings"),
        migrations.AlterField(
            "SavedSettings",
            "tenant",
            models.ForeignKey(
                on_delete=django.db.models.deletion.CASCADE,
                related_name="saved_settings",
                to="addon.tenant",
            ),
        ),
        migrations.AddField(
            "SavedSettings", "template", models.CharField(blank=True, default="", max_length=80)
        ),
        migrations.AddField("SavedSettings", "locked", models.JSONField(default=list)),
        migrations.AddField("SavedSettings", "access", models.JSONField(default=dict)),
        migrations.AddField("SavedSettings", "site_only", models.JSONField(default=dict)),
        migrations.AddField("SavedSettings", "revision", models.PositiveIntegerField(default=1)),
        migrations.CreateModel(
            "SavedTemplate",
            [
                (
                    "id",
                    models.BigAutoField(
                        auto_created=True, primary_key=True, serialize=False, verbose_name="ID"
                    ),
                ),
                ("space_key", models.CharField(blank=True, max_length=255)),
                ("key", models.CharField(max_length=32)),
                ("name", models.CharField(max_length=100)),
                ("options", models.JSONField(default=dict)),
                ("is_archived", models.BooleanField(default=False)),
                ("revision", models.PositiveIntegerField(default=1)),
                (
                    "tenant",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.CASCADE,
                        related_name="saved_templates",
                        to="addon.tenant",
                    ),
                ),
            ],
            options={
                "constraints": [
                    models.UniqueConstraint(fields=("tenant", "key"), name="one_template_a_key"),
                    models.UniqueConstraint(
                        fields=("tenant", "space_key", "name"), name="one_template_a_name"
                    ),
                ]
            },
        ),
    ]
