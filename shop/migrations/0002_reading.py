import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('shop', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Supplier',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=30, unique=True, verbose_name='number')),
                ('name', models.CharField(max_length=120, verbose_name='company')),
                ('vat_id', models.CharField(blank=True, max_length=20, verbose_name='VAT id')),
                ('iban', models.CharField(blank=True, help_text='An invoice that names another account is never paid unseen.', max_length=42, verbose_name='IBAN')),
                ('domains', models.JSONField(blank=True, default=list, help_text='Mail from here is theirs.', verbose_name='mail domains')),
                ('addresses', models.JSONField(blank=True, default=list, help_text='For suppliers that write from a mailbox of a big provider.', verbose_name='mail addresses')),
                ('street', models.CharField(blank=True, max_length=120, verbose_name='street')),
                ('postcode', models.CharField(blank=True, max_length=12, verbose_name='postcode')),
                ('city', models.CharField(blank=True, max_length=80, verbose_name='city')),
                ('country', models.CharField(default='DE', max_length=2, verbose_name='country')),
            ],
            options={
                'verbose_name': 'supplier',
                'verbose_name_plural': 'suppliers',
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='SupplierName',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=200, unique=True, verbose_name='as written')),
                ('learned_at', models.DateTimeField(default=django.utils.timezone.now, editable=False, verbose_name='learned')),
            ],
            options={
                'verbose_name': "supplier's other name",
                'verbose_name_plural': "suppliers' other names",
                'ordering': ['name'],
            },
        ),
        migrations.AlterModelOptions(
            name='alias',
            options={'ordering': ['sku', 'name'], 'verbose_name': "customer's article number", 'verbose_name_plural': "customers' article numbers"},
        ),
        migrations.RemoveConstraint(
            model_name='alias',
            name='one_product_per_alias',
        ),
        migrations.AddField(
            model_name='alias',
            name='learned_at',
            field=models.DateTimeField(editable=False, null=True, verbose_name='learned'),
        ),
        migrations.AddField(
            model_name='alias',
            name='learned_by',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='learned from'),
        ),
        migrations.AddField(
            model_name='alias',
            name='name',
            field=models.CharField(blank=True, help_text='Decides where an order states no article number.', max_length=200, verbose_name='their name for it'),
        ),
        migrations.AddField(
            model_name='alias',
            name='source',
            field=models.CharField(blank=True, editable=False, max_length=120, verbose_name='learned at'),
        ),
        migrations.AlterField(
            model_name='alias',
            name='sku',
            field=models.CharField(blank=True, max_length=60, verbose_name='their article number'),
        ),
        migrations.AddConstraint(
            model_name='alias',
            constraint=models.UniqueConstraint(condition=models.Q(('sku', ''), _negated=True), fields=('customer', 'sku'), name='one_product_per_alias'),
        ),
        migrations.AddConstraint(
            model_name='alias',
            constraint=models.UniqueConstraint(condition=models.Q(('name', ''), _negated=True), fields=('customer', 'name'), name='one_product_per_name'),
        ),
        migrations.AddConstraint(
            model_name='alias',
            constraint=models.CheckConstraint(condition=models.Q(('name', ''), ('sku', ''), _negated=True), name='an_alias_is_a_number_or_a_name'),
        ),
        migrations.AddField(
            model_name='suppliername',
            name='learned_by',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='learned from'),
        ),
        migrations.AddField(
            model_name='suppliername',
            name='supplier',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='names', to='shop.supplier', verbose_name='supplier'),
        ),
    ]
