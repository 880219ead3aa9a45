from django.db import migrations
from django.db.models import Count, Q


def forget_assessments(apps, schema_editor):
    """They are a cache. Those of promises of several tests do not say how many there are, and those
    of a standard may name another item: `prepare` makes them again, as it does for every published
    commitment that has none."""
    commitments = apps.get_model("commitments", "Commitment").objects.annotate(
        tests=Count("targets", filter=Q(targets__amends=None), distinct=True),
        steps=Count("milestones", distinct=True),
    )
    several = commitments.filter(Q(tests__gt=1) | Q(tests__gt=0, steps__gt=0))
    composite = commitments.filter(targets__kind="composite")
    assessments = apps.get_model("commitments", "Assessment").objects
    for found in (several, composite):
        assessments.filter(commitment__in=found.values("pk")).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("commitments", "0018_locked_log_ins"),
    ]

    operations = [
        migrations.RunPython(forget_assessments, migrations.RunPython.noop),
    ]
