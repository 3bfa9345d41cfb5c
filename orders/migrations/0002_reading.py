import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('orders', '0001_initial'),
        ('shop', '0002_reading'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='FieldCorrection',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('field', models.CharField(editable=False, max_length=60, verbose_name='field')),
                ('before', models.CharField(blank=True, editable=False, max_length=300, verbose_name='before')),
                ('after', models.CharField(blank=True, editable=False, max_length=300, verbose_name='after')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='at')),
            ],
            options={
                'verbose_name': 'correction',
                'verbose_name_plural': 'corrections',
                'ordering': ['-id'],
            },
        ),
        migrations.AddField(
            model_name='document',
            name='concerns',
            field=models.JSONField(default=list, verbose_name='what is wrong'),
        ),
        migrations.AddField(
            model_name='document',
            name='currency',
            field=models.CharField(blank=True, max_length=3, verbose_name='currency'),
        ),
        migrations.AddField(
            model_name='document',
            name='date',
            field=models.DateField(null=True, verbose_name='date'),
        ),
        migrations.AddField(
            model_name='document',
            name='duplicate_of',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='duplicates', to='orders.document', verbose_name='came before as'),
        ),
        migrations.AddField(
            model_name='document',
            name='gross',
            field=models.DecimalField(decimal_places=2, max_digits=14, null=True, verbose_name='gross'),
        ),
        migrations.AddField(
            model_name='document',
            name='net',
            field=models.DecimalField(decimal_places=2, max_digits=14, null=True, verbose_name='net'),
        ),
        migrations.AddField(
            model_name='document',
            name='party',
            field=models.CharField(blank=True, help_text='Who wrote it, as the document says.', max_length=200, verbose_name='from'),
        ),
        migrations.AddField(
            model_name='document',
            name='state',
            field=models.CharField(choices=[('read', 'read'), ('checked', 'checked by a person'), ('rejected', 'rejected')], default='read', max_length=8, verbose_name='state'),
        ),
        migrations.AddField(
            model_name='document',
            name='supplier',
            field=models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='documents', to='shop.supplier', verbose_name='supplier'),
        ),
        migrations.AddField(
            model_name='document',
            name='text',
            field=models.TextField(blank=True, verbose_name='text'),
        ),
        migrations.AlterField(
            model_name='document',
            name='format',
            field=models.CharField(max_length=30, verbose_name='format'),
        ),
        migrations.AddIndex(
            model_name='document',
            index=models.Index(condition=models.Q(('kind', 'invoice')), fields=['number'], name='invoice_by_its_number'),
        ),
        migrations.AddIndex(
            model_name='document',
            index=models.Index(condition=models.Q(('kind', 'invoice'), ('state', 'read')), fields=['-id'], name='invoice_to_check'),
        ),
        migrations.AddField(
            model_name='fieldcorrection',
            name='by',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by'),
        ),
        migrations.AddField(
            model_name='fieldcorrection',
            name='document',
            field=models.ForeignKey(editable=False, on_delete=django.db.models.deletion.CASCADE, related_name='corrections', to='orders.document', verbose_name='document'),
        ),
    ]
