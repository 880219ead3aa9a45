from django.db import migrations, models


def forget_assessments(apps, schema_editor):
    """They are a cache, and none of them knows how fresh its figures are: `prepare` makes them
    again, as it does for every published commitment that has none."""
    apps.get_model("commitments", "Assessment").objects.all().delete()


class Migration(migrations.Migration):

    dependencies = [
        ("commitments", "0001_initial"),
    ]

    operations = [
        migrations.RunPython(forget_assessments, forget_assessments),
        migrations.AddField(
            model_name="assessment",
            name="is_figure_expected",
            field=models.BooleanField(default=False, verbose_name="figures are expected"),
            preserve_default=False,
        ),
        migrations.AddField(
            model_name="assessment",
            name="newer_due_on",
            field=models.DateField(
                help_text="Empty while there is no figure yet.",
                null=True,
                verbose_name="a newer figure is due from",
            ),
        ),
    ]
