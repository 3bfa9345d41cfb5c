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
            name='Agent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=80, verbose_name='name')),
                ('kind', models.CharField(choices=[('human', 'person'), ('software', 'software')], max_length=10, verbose_name='kind')),
                ('role', models.CharField(blank=True, help_text='For software: which role it plays.', max_length=30, verbose_name='role')),
                ('is_active', models.BooleanField(default=True, verbose_name='at work')),
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='agent', to=settings.AUTH_USER_MODEL, verbose_name='user')),
            ],
            options={
                'verbose_name': 'agent',
                'verbose_name_plural': 'agents',
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='AgentRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('case_number', models.CharField(db_index=True, max_length=30, verbose_name='case')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='at')),
                ('brief', models.JSONField(default=dict, verbose_name='shown')),
                ('outcome', models.JSONField(default=dict, verbose_name='proposed')),
                ('seconds', models.FloatField(default=0, verbose_name='seconds')),
                ('error', models.CharField(blank=True, max_length=300, verbose_name='error')),
                ('agent', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='runs', to='agents.agent', verbose_name='agent')),
            ],
            options={
                'verbose_name': 'consultation',
                'verbose_name_plural': 'consultations',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='Department',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=30, unique=True, verbose_name='code')),
                ('name_de', models.CharField(max_length=80, verbose_name='name (German)')),
                ('name_en', models.CharField(max_length=80, verbose_name='name (English)')),
                ('address', models.EmailField(max_length=254, unique=True, verbose_name='mail address')),
                ('speciality', models.CharField(blank=True, max_length=200, verbose_name='speciality')),
                ('members', models.ManyToManyField(blank=True, related_name='departments', to=settings.AUTH_USER_MODEL, verbose_name='members')),
            ],
            options={
                'verbose_name': 'department',
                'verbose_name_plural': 'departments',
                'ordering': ['code'],
            },
        ),
        migrations.AddField(
            model_name='agent',
            name='departments',
            field=models.ManyToManyField(blank=True, related_name='agents', to='agents.department', verbose_name='serves'),
        ),
    ]
