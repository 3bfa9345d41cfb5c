import django.db.models.deletion
import django.utils.timezone
import django_fsm
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('shop', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Document',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('order', 'purchase order'), ('invoice', 'invoice'), ('other', 'other')], max_length=10, verbose_name='kind')),
                ('format', models.CharField(max_length=10, verbose_name='format')),
                ('filename', models.CharField(blank=True, max_length=150, verbose_name='name')),
                ('sha256', models.CharField(blank=True, db_index=True, max_length=64)),
                ('number', models.CharField(blank=True, max_length=80, verbose_name='number')),
                ('fields', models.JSONField(default=dict, verbose_name='what was read')),
                ('checks', models.JSONField(default=list, verbose_name='checks')),
                ('error', models.CharField(blank=True, max_length=300, verbose_name='error')),
                ('read_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='read')),
            ],
            options={
                'verbose_name': 'document',
                'verbose_name_plural': 'documents',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='Order',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=30, unique=True, verbose_name='number')),
                ('state', django_fsm.FSMField(choices=[('CREATED', 'created'), ('CONFIRMED', 'confirmed'), ('PLANNED', 'planned'), ('IN_PRODUCTION', 'in production'), ('PRODUCED', 'produced'), ('PACKED', 'packed'), ('SHIPPED', 'shipped'), ('DELIVERED', 'delivered'), ('INVOICED', 'invoiced'), ('CLOSED', 'closed'), ('CANCELLED', 'cancelled')], default='CREATED', max_length=50, protected=True, verbose_name='state')),
                ('reference', models.CharField(blank=True, max_length=80, verbose_name="customer's order number")),
                ('source', models.CharField(choices=[('mail', 'mail'), ('shop', 'shop'), ('api', 'API'), ('staff', 'entered by staff')], max_length=6, verbose_name='came by')),
                ('language', models.CharField(default='de', max_length=2, verbose_name='language')),
                ('currency', models.CharField(default='EUR', max_length=3, verbose_name='currency')),
                ('net', models.DecimalField(decimal_places=2, default=Decimal('0'), max_digits=14, verbose_name='net')),
                ('tax', models.DecimalField(decimal_places=2, default=Decimal('0'), max_digits=14, verbose_name='VAT')),
                ('gross', models.DecimalField(decimal_places=2, default=Decimal('0'), max_digits=14, verbose_name='gross')),
                ('requested_date', models.DateField(blank=True, null=True, verbose_name='wanted by')),
                ('promised_date', models.DateField(blank=True, null=True, verbose_name='promised for')),
                ('doubts', models.JSONField(blank=True, default=list, verbose_name='what is doubtful')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='created')),
                ('confirmed_at', models.DateTimeField(editable=False, null=True, verbose_name='confirmed')),
                ('created_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='entered by')),
                ('customer', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='orders', to='shop.customer', verbose_name='customer')),
                ('document', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='orders', to='orders.document', verbose_name='read from')),
            ],
            options={
                'verbose_name': 'order',
                'verbose_name_plural': 'orders',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='OrderLine',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('position', models.PositiveSmallIntegerField(verbose_name='position')),
                ('sku', models.CharField(blank=True, max_length=60, verbose_name='article number')),
                ('name', models.CharField(max_length=200, verbose_name='name')),
                ('quantity', models.DecimalField(decimal_places=2, max_digits=12, verbose_name='quantity')),
                ('unit_price', models.DecimalField(decimal_places=4, max_digits=12, verbose_name='unit price')),
                ('tax_rate', models.DecimalField(decimal_places=1, max_digits=4, verbose_name='VAT %')),
                ('total', models.DecimalField(decimal_places=2, max_digits=14, verbose_name='total')),
                ('score', models.FloatField(default=1, verbose_name='match')),
                ('candidates', models.JSONField(default=list, verbose_name='came close')),
                ('reasons', models.JSONField(default=list, verbose_name='why this product')),
                ('source', models.CharField(blank=True, max_length=300, verbose_name='as written')),
                ('order', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='orders.order', verbose_name='order')),
                ('product', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='shop.product', verbose_name='product')),
            ],
            options={
                'verbose_name': 'order line',
                'verbose_name_plural': 'order lines',
                'ordering': ['position'],
            },
        ),
        migrations.AddIndex(
            model_name='order',
            index=models.Index(fields=['state', '-id'], name='order_state'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.CheckConstraint(condition=models.Q(('state__in', ['CREATED', 'CONFIRMED', 'PLANNED', 'IN_PRODUCTION', 'PRODUCED', 'PACKED', 'SHIPPED', 'DELIVERED', 'INVOICED', 'CLOSED', 'CANCELLED'])), name='order_in_one_of_its_states'),
        ),
        migrations.AddConstraint(
            model_name='order',
            constraint=models.UniqueConstraint(condition=models.Q(models.Q(('reference', ''), _negated=True), models.Q(('state__in', ['CREATED', 'CANCELLED']), _negated=True)), fields=('customer', 'reference'), name='a_reference_is_confirmed_once'),
        ),
        migrations.AddConstraint(
            model_name='orderline',
            constraint=models.UniqueConstraint(fields=('order', 'position'), name='one_line_per_position'),
        ),
        migrations.AddConstraint(
            model_name='orderline',
            constraint=models.CheckConstraint(condition=models.Q(('quantity__gt', 0)), name='quantity_is_positive'),
        ),
    ]
