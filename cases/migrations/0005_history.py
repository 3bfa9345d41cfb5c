from django.db import migrations, models

CHUNK = 1000


def write_history(apps, schema_editor):
    """The clocks are computed from the history of the status; cases so far have their two ends."""
    case, change = apps.get_model('cases', 'Case'), apps.get_model('cases', 'StatusChange')
    rows = []
    for one in case.objects.order_by('pk').iterator(CHUNK):
        rows.append(change(case=one, status='new', at=one.opened_at))
        if one.status != 'new':
            at = one.resolved_at or one.first_response_at or one.opened_at
            rows.append(change(case=one, status=one.status, at=at))
        if len(rows) >= CHUNK:
            change.objects.bulk_create(rows)
            rows = []
    change.objects.bulk_create(rows)
    case.objects.filter(status='closed', closed_at=None).update(closed_at=models.F('resolved_at'))
    case.objects.update(updated_at=models.F('opened_at'))


class Migration(migrations.Migration):
    dependencies = [("cases", "0004_desk")]

    operations = [migrations.RunPython(write_history, migrations.RunPython.noop)]
