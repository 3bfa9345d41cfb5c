import django.db.models.deletion
import django.utils.timezone
import emails.data
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('agents', '0001_initial'),
        ('emails', '0001_initial'),
        ('shop', '0002_reading'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='BlockedAddress',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address', models.CharField(max_length=254, unique=True, verbose_name='mail address')),
                ('reason', models.CharField(blank=True, max_length=300, verbose_name='why')),
                ('status', models.CharField(blank=True, help_text='What the mail system said, as in RFC 3463: 5.1.1 is an unknown address.', max_length=20, verbose_name='status')),
                ('since', models.DateTimeField(default=django.utils.timezone.now, verbose_name='since')),
                ('until', models.DateTimeField(blank=True, help_text='Empty: until somebody lifts the block.', null=True, verbose_name='until')),
                ('lifted_at', models.DateTimeField(editable=False, null=True, verbose_name='lifted')),
            ],
            options={
                'verbose_name': 'blocked address',
                'verbose_name_plural': 'blocked addresses',
                'ordering': ['-since', '-id'],
            },
        ),
        migrations.CreateModel(
            name='Correction',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('said_kind', models.CharField(choices=[(emails.data.Kind['ORDER'], 'order'), (emails.data.Kind['ORDER_CHANGE'], 'order change'), (emails.data.Kind['ORDER_STATUS'], 'order status'), (emails.data.Kind['QUOTATION_REQUEST'], 'quotation request'), (emails.data.Kind['INVOICE'], 'invoice'), (emails.data.Kind['PAYMENT'], 'payment'), (emails.data.Kind['COMPLAINT'], 'complaint'), (emails.data.Kind['RETURN'], 'return'), (emails.data.Kind['TECHNICAL'], 'technical question'), (emails.data.Kind['SUPPLIER'], 'supplier'), (emails.data.Kind['FEEDBACK'], 'feedback'), (emails.data.Kind['GENERAL'], 'general'), (emails.data.Kind['SPAM'], 'spam')], max_length=20, verbose_name='we said')),
                ('kind', models.CharField(choices=[(emails.data.Kind['ORDER'], 'order'), (emails.data.Kind['ORDER_CHANGE'], 'order change'), (emails.data.Kind['ORDER_STATUS'], 'order status'), (emails.data.Kind['QUOTATION_REQUEST'], 'quotation request'), (emails.data.Kind['INVOICE'], 'invoice'), (emails.data.Kind['PAYMENT'], 'payment'), (emails.data.Kind['COMPLAINT'], 'complaint'), (emails.data.Kind['RETURN'], 'return'), (emails.data.Kind['TECHNICAL'], 'technical question'), (emails.data.Kind['SUPPLIER'], 'supplier'), (emails.data.Kind['FEEDBACK'], 'feedback'), (emails.data.Kind['GENERAL'], 'general'), (emails.data.Kind['SPAM'], 'spam')], max_length=20, verbose_name='staff say')),
                ('at', models.DateTimeField(db_index=True, default=django.utils.timezone.now, verbose_name='at')),
                ('followed_at', models.DateTimeField(editable=False, null=True)),
            ],
            options={
                'verbose_name': 'correction',
                'verbose_name_plural': 'corrections',
                'ordering': ['-at', '-id'],
            },
        ),
        migrations.CreateModel(
            name='LearnedModel',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version', models.PositiveIntegerField(unique=True, verbose_name='version')),
                ('state', models.CharField(choices=[('candidate', 'candidate'), ('in_force', 'in force'), ('retired', 'retired')], default='candidate', max_length=10, verbose_name='state')),
                ('trained_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='trained at')),
                ('lessons', models.PositiveIntegerField(verbose_name='lessons')),
                ('held_back', models.PositiveIntegerField(verbose_name='corrections it was judged by')),
                ('rules_right', models.PositiveIntegerField(verbose_name='the rules alone were right')),
                ('model_right', models.PositiveIntegerField(verbose_name='the model alone was right')),
                ('both_right', models.PositiveIntegerField(verbose_name='rules and model together were right')),
                ('by_kind', models.JSONField(default=dict, verbose_name='by kind')),
                ('confusion', models.JSONField(default=list, verbose_name='mistaken for')),
                ('weights', models.JSONField(default=dict, editable=False)),
                ('switched_on_at', models.DateTimeField(blank=True, null=True, verbose_name='switched on at')),
            ],
            options={
                'verbose_name': 'learned model',
                'verbose_name_plural': 'learned models',
                'ordering': ['-version'],
            },
        ),
        migrations.CreateModel(
            name='Replay',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('stage', models.CharField(max_length=20, verbose_name='step')),
                ('since', models.DateTimeField(blank=True, null=True, verbose_name='mails since')),
                ('emails', models.JSONField(default=list, editable=False, verbose_name='chosen mails')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='at')),
                ('state', models.CharField(choices=[('comparing', 'comparing'), ('prepared', 'prepared'), ('applying', 'being applied'), ('applied', 'applied'), ('dropped', 'dropped')], default='comparing', editable=False, max_length=10, verbose_name='state')),
                ('total', models.PositiveIntegerField(default=0, editable=False, verbose_name='mails')),
                ('done', models.PositiveIntegerField(default=0, editable=False, verbose_name='compared')),
                ('cursor', models.BigIntegerField(default=0, editable=False)),
                ('claimed_until', models.DateTimeField(editable=False, null=True)),
            ],
            options={
                'verbose_name': 'replay',
                'verbose_name_plural': 'replays',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='ReplayDifference',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('changes', models.JSONField(default=list, verbose_name='what changes')),
                ('digest', models.CharField(blank=True, max_length=64)),
                ('error', models.CharField(blank=True, max_length=300, verbose_name='error')),
                ('state', models.CharField(choices=[('open', 'open'), ('applied', 'applied'), ('outdated', 'outdated'), ('failed', 'failed')], default='open', max_length=10, verbose_name='state')),
            ],
            options={
                'verbose_name': 'difference',
                'verbose_name_plural': 'differences',
                'ordering': ['id'],
            },
        ),
        migrations.AddField(
            model_name='attachment',
            name='document',
            field=models.JSONField(editable=False, null=True, verbose_name='what was read'),
        ),
        migrations.AddField(
            model_name='email',
            name='amounts',
            field=models.JSONField(default=list, verbose_name='amounts'),
        ),
        migrations.AddField(
            model_name='email',
            name='deadlines',
            field=models.JSONField(default=list, verbose_name='deadlines'),
        ),
        migrations.AddField(
            model_name='email',
            name='impostor',
            field=models.BooleanField(default=False, help_text='It claims to come from our house, and we did not send it.', verbose_name='under our own address'),
        ),
        migrations.AddField(
            model_name='email',
            name='joined_by',
            field=models.CharField(blank=True, choices=[(emails.data.Joined['LETTER'], 'a letter of ours that came back'), (emails.data.Joined['PROOF'], 'it answers a letter of ours'), (emails.data.Joined['REFERENCE'], 'it names a mail of this conversation'), (emails.data.Joined['NUMBER'], 'the case number in its subject'), (emails.data.Joined['SUBJECT'], 'sender and subject of an earlier notice'), (emails.data.Joined['PERSON'], 'put here by a person')], max_length=10, verbose_name='why in this thread'),
        ),
        migrations.AddField(
            model_name='email',
            name='new_participant',
            field=models.BooleanField(default=False, help_text='Its sender was unknown in the thread and answers a letter of ours.', verbose_name='new participant'),
        ),
        migrations.AddField(
            model_name='email',
            name='new_topic',
            field=models.BooleanField(default=False, help_text='It answers a mail of its thread under another subject.', verbose_name='new topic?'),
        ),
        migrations.AddField(
            model_name='email',
            name='possibly_of',
            field=models.ForeignKey(help_text='It says so, but its sender took no part there.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='claimed_by', to='emails.thread', verbose_name='possibly belongs to'),
        ),
        migrations.AddField(
            model_name='email',
            name='sentiment',
            field=models.CharField(blank=True, choices=[(emails.data.Sentiment['NEGATIVE'], 'displeased'), (emails.data.Sentiment['NEUTRAL'], 'neutral'), (emails.data.Sentiment['POSITIVE'], 'pleased')], max_length=10, verbose_name='sentiment'),
        ),
        migrations.AddField(
            model_name='email',
            name='verdict_priority',
            field=models.CharField(blank=True, choices=[(emails.data.Priority['URGENT'], 'urgent'), (emails.data.Priority['HIGH'], 'high'), (emails.data.Priority['NORMAL'], 'normal'), (emails.data.Priority['LOW'], 'low')], editable=False, help_text='What the rules were asked with; they may have raised it since.', max_length=10, verbose_name='priority before the rules'),
        ),
        migrations.AddField(
            model_name='routingrule',
            name='problem',
            field=models.CharField(blank=True, editable=False, max_length=300, verbose_name='problem'),
        ),
        migrations.AddField(
            model_name='routingrule',
            name='problem_at',
            field=models.DateTimeField(editable=False, null=True, verbose_name='last problem'),
        ),
        migrations.AddField(
            model_name='routingrule',
            name='timeouts',
            field=models.PositiveIntegerField(default=0, editable=False, verbose_name='timeouts'),
        ),
        migrations.AlterField(
            model_name='email',
            name='from_address',
            field=models.CharField(blank=True, max_length=254, verbose_name='from'),
        ),
        migrations.AddIndex(
            model_name='email',
            index=models.Index(fields=['from_address', '-received_at'], name='email_sender'),
        ),
        migrations.AddIndex(
            model_name='outgoingemail',
            index=models.Index(fields=['created_at', 'state', 'weight'], name='outgoing_hourly'),
        ),
        migrations.AddField(
            model_name='blockedaddress',
            name='blocked_by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='blocked by'),
        ),
        migrations.AddField(
            model_name='blockedaddress',
            name='letter',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='blocks', to='emails.outgoingemail', verbose_name='letter'),
        ),
        migrations.AddField(
            model_name='blockedaddress',
            name='lifted_by',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='lifted by'),
        ),
        migrations.AddField(
            model_name='blockedaddress',
            name='report',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='blocks', to='emails.email', verbose_name='report'),
        ),
        migrations.AddField(
            model_name='correction',
            name='by',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by'),
        ),
        migrations.AddField(
            model_name='correction',
            name='department',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agents.department', verbose_name='it belongs to'),
        ),
        migrations.AddField(
            model_name='correction',
            name='email',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='corrections', to='emails.email', verbose_name='mail'),
        ),
        migrations.AddField(
            model_name='correction',
            name='said_department',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='agents.department', verbose_name='it was with'),
        ),
        migrations.AddField(
            model_name='learnedmodel',
            name='switched_on_by',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='switched on by'),
        ),
        migrations.AddField(
            model_name='replay',
            name='by',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by'),
        ),
        migrations.AddField(
            model_name='replay',
            name='confirmed_by',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by'),
        ),
        migrations.AddField(
            model_name='replaydifference',
            name='email',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='differences', to='emails.email', verbose_name='mail'),
        ),
        migrations.AddField(
            model_name='replaydifference',
            name='replay',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='differences', to='emails.replay', verbose_name='replay'),
        ),
        migrations.AddIndex(
            model_name='correction',
            index=models.Index(condition=models.Q(('followed_at', None)), fields=['at'], name='correction_unfollowed'),
        ),
        migrations.AddConstraint(
            model_name='learnedmodel',
            constraint=models.UniqueConstraint(condition=models.Q(('state', 'in_force')), fields=('state',), name='one_model_in_force', violation_error_message='Another model is in force.'),
        ),
        migrations.AddConstraint(
            model_name='learnedmodel',
            constraint=models.CheckConstraint(condition=models.Q(('both_right__lte', models.F('held_back'))), name='model_right_within_held_back'),
        ),
        migrations.AddIndex(
            model_name='replay',
            index=models.Index(condition=models.Q(('state__in', ['comparing', 'applying'])), fields=['id'], name='replay_waiting'),
        ),
        migrations.AddConstraint(
            model_name='replaydifference',
            constraint=models.UniqueConstraint(fields=('replay', 'email'), name='one_difference_per_mail'),
        ),
    ]
