import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Event',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='at')),
                ('kind', models.CharField(editable=False, max_length=60, verbose_name='what happened')),
                ('subject_type', models.CharField(editable=False, max_length=60, verbose_name='subject')),
                ('subject_id', models.BigIntegerField(editable=False, verbose_name='subject number')),
                ('data', models.JSONField(default=dict, editable=False, verbose_name='details')),
                ('actor', models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
            ],
            options={
                'verbose_name': 'event',
                'verbose_name_plural': 'journal',
                'ordering': ['-id'],
                'indexes': [models.Index(fields=['subject_type', 'subject_id', 'id'], name='event_subject'), models.Index(fields=['kind', 'at'], name='event_kind'), models.Index(fields=['at'], name='event_at')],
            },
        ),
    ]
