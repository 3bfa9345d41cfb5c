import django.db.models.deletion
import django.utils.timezone
import emails.data
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('agents', '0001_initial'),
        ('emails', '0001_initial'),
        ('orders', '0001_initial'),
        ('shop', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='SLAPolicy',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=30, unique=True, verbose_name='code')),
                ('name_de', models.CharField(max_length=80, verbose_name='name (German)')),
                ('name_en', models.CharField(max_length=80, verbose_name='name (English)')),
                ('first_response_minutes', models.PositiveIntegerField(verbose_name='first answer within (minutes)')),
                ('resolution_minutes', models.PositiveIntegerField(verbose_name='solution within (minutes)')),
            ],
            options={
                'verbose_name': 'SLA policy',
                'verbose_name_plural': 'SLA policies',
                'ordering': ['first_response_minutes'],
            },
        ),
        migrations.CreateModel(
            name='Case',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=30, unique=True, verbose_name='number')),
                ('title', models.CharField(max_length=300, verbose_name='title')),
                ('kind', models.CharField(blank=True, choices=[(emails.data.Kind['ORDER'], 'order'), (emails.data.Kind['ORDER_CHANGE'], 'order change'), (emails.data.Kind['ORDER_STATUS'], 'order status'), (emails.data.Kind['QUOTATION_REQUEST'], 'quotation request'), (emails.data.Kind['INVOICE'], 'invoice'), (emails.data.Kind['PAYMENT'], 'payment'), (emails.data.Kind['COMPLAINT'], 'complaint'), (emails.data.Kind['RETURN'], 'return'), (emails.data.Kind['TECHNICAL'], 'technical question'), (emails.data.Kind['SUPPLIER'], 'supplier'), (emails.data.Kind['FEEDBACK'], 'feedback'), (emails.data.Kind['GENERAL'], 'general'), (emails.data.Kind['SPAM'], 'spam')], max_length=20, verbose_name='kind')),
                ('status', models.CharField(choices=[('new', 'new'), ('in_progress', 'in progress'), ('awaiting_customer', 'awaiting customer'), ('awaiting_vendor', 'awaiting vendor'), ('resolved', 'resolved'), ('closed', 'closed')], default='new', max_length=20, verbose_name='status')),
                ('priority', models.CharField(choices=[(emails.data.Priority['URGENT'], 'urgent'), (emails.data.Priority['HIGH'], 'high'), (emails.data.Priority['NORMAL'], 'normal'), (emails.data.Priority['LOW'], 'low')], default='normal', max_length=10, verbose_name='priority')),
                ('opened_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='opened')),
                ('first_response_due_at', models.DateTimeField(blank=True, null=True, verbose_name='first answer due')),
                ('resolution_due_at', models.DateTimeField(blank=True, null=True, verbose_name='solution due')),
                ('first_response_at', models.DateTimeField(blank=True, null=True, verbose_name='first answer')),
                ('resolved_at', models.DateTimeField(blank=True, null=True, verbose_name='resolved')),
                ('assignee', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='cases', to='agents.agent', verbose_name='assigned to')),
                ('customer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='cases', to='shop.customer', verbose_name='customer')),
                ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='agents.department', verbose_name='department')),
                ('orders', models.ManyToManyField(blank=True, related_name='cases', to='orders.order', verbose_name='orders')),
                ('thread', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='emails.thread', verbose_name='thread')),
            ],
            options={
                'verbose_name': 'case',
                'verbose_name_plural': 'cases',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='CaseEmail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='links', to='cases.case')),
                ('email', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='link', to='emails.email')),
            ],
            options={
                'verbose_name': 'mail of a case',
                'verbose_name_plural': 'mails of cases',
            },
        ),
        migrations.AddField(
            model_name='case',
            name='emails',
            field=models.ManyToManyField(related_name='cases', through='cases.CaseEmail', to='emails.email'),
        ),
        migrations.AddField(
            model_name='case',
            name='policy',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='cases', to='cases.slapolicy', verbose_name='SLA'),
        ),
        migrations.CreateModel(
            name='Task',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(max_length=200, verbose_name='what is to do')),
                ('reason', models.CharField(blank=True, max_length=500, verbose_name='why')),
                ('status', models.CharField(choices=[('new', 'new'), ('in_progress', 'in progress'), ('resolved', 'resolved'), ('closed', 'closed')], default='new', max_length=12, verbose_name='status')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='created')),
                ('done_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='done')),
                ('assignee', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='tasks', to='agents.agent', verbose_name='assigned to')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='tasks', to='cases.case', verbose_name='case')),
                ('department', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='tasks', to='agents.department', verbose_name='department')),
            ],
            options={
                'verbose_name': 'task',
                'verbose_name_plural': 'tasks',
                'ordering': ['-id'],
            },
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['status', '-id'], name='case_status'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(fields=['department', 'status'], name='case_department'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.UniqueConstraint(condition=models.Q(('status', 'closed'), _negated=True), fields=('thread',), name='one_open_case_per_thread'),
        ),
        migrations.AddIndex(
            model_name='task',
            index=models.Index(fields=['status', '-id'], name='task_status'),
        ),
    ]
