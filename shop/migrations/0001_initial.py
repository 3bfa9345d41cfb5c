import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import django.utils.timezone
from decimal import Decimal
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='Category',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.SlugField(max_length=40, unique=True, verbose_name='code')),
                ('name_de', models.CharField(max_length=80, verbose_name='name (German)')),
                ('name_en', models.CharField(max_length=80, verbose_name='name (English)')),
                ('position', models.PositiveSmallIntegerField(default=0, verbose_name='position')),
            ],
            options={
                'verbose_name': 'category',
                'verbose_name_plural': 'categories',
                'ordering': ['position', 'code'],
            },
        ),
        migrations.CreateModel(
            name='Customer',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.CharField(max_length=20, unique=True, verbose_name='number')),
                ('name', models.CharField(max_length=120, verbose_name='company')),
                ('domains', models.JSONField(blank=True, default=list, help_text='Mail from here is theirs.', verbose_name='mail domains')),
                ('street', models.CharField(blank=True, max_length=120, verbose_name='street')),
                ('postcode', models.CharField(blank=True, max_length=12, verbose_name='postcode')),
                ('city', models.CharField(blank=True, max_length=80, verbose_name='city')),
                ('country', models.CharField(default='DE', max_length=2, verbose_name='country')),
                ('vat_id', models.CharField(blank=True, max_length=20, verbose_name='VAT id')),
                ('language', models.CharField(default='de', max_length=2, verbose_name='language')),
                ('is_oem', models.BooleanField(default=False, verbose_name='OEM')),
                ('discount_percent', models.DecimalField(decimal_places=1, default=Decimal('0'), max_digits=4, verbose_name='discount %')),
                ('payment_days', models.PositiveSmallIntegerField(default=30, verbose_name='days to pay')),
                ('auto_confirm_limit', models.DecimalField(decimal_places=2, default=Decimal('0'), max_digits=12, verbose_name='confirm unseen up to (gross)')),
            ],
            options={
                'verbose_name': 'customer',
                'verbose_name_plural': 'customers',
                'ordering': ['name'],
            },
        ),
        migrations.CreateModel(
            name='Product',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sku', models.CharField(max_length=40, unique=True, verbose_name='article number')),
                ('name_de', models.CharField(max_length=120, verbose_name='name (German)')),
                ('name_en', models.CharField(max_length=120, verbose_name='name (English)')),
                ('description_de', models.TextField(blank=True, verbose_name='description (German)')),
                ('description_en', models.TextField(blank=True, verbose_name='description (English)')),
                ('material', models.CharField(blank=True, max_length=40, verbose_name='material')),
                ('colour', models.CharField(blank=True, max_length=40, verbose_name='colour')),
                ('size_mm', models.DecimalField(blank=True, decimal_places=1, max_digits=5, null=True, verbose_name='size (mm)')),
                ('price', models.DecimalField(decimal_places=4, max_digits=10, validators=[django.core.validators.MinValueValidator(Decimal('0'))], verbose_name='net price per piece')),
                ('tax_rate', models.DecimalField(decimal_places=1, default=19, max_digits=4, verbose_name='VAT %')),
                ('pack_size', models.PositiveIntegerField(default=1, verbose_name='pieces per pack')),
                ('min_quantity', models.PositiveIntegerField(default=1, verbose_name='minimum quantity')),
                ('lead_time_days', models.PositiveSmallIntegerField(default=5, verbose_name='lead time (working days)')),
                ('is_active', models.BooleanField(default=True, verbose_name='on sale')),
                ('category', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='products', to='shop.category', verbose_name='category')),
            ],
            options={
                'verbose_name': 'product',
                'verbose_name_plural': 'products',
                'ordering': ['sku'],
            },
        ),
        migrations.CreateModel(
            name='Movement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('reserved', 'reserved'), ('released', 'released'), ('shipped', 'shipped'), ('counted', 'counted')], max_length=10, verbose_name='kind')),
                ('quantity', models.IntegerField(verbose_name='quantity')),
                ('reference', models.CharField(blank=True, max_length=40, verbose_name='reference')),
                ('at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='at')),
                ('by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='by')),
                ('product', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='movements', to='shop.product', verbose_name='product')),
            ],
            options={
                'verbose_name': 'stock movement',
                'verbose_name_plural': 'stock movements',
                'ordering': ['-id'],
            },
        ),
        migrations.CreateModel(
            name='Contact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('title', models.CharField(blank=True, choices=[('', '-'), ('mr', 'Mr'), ('ms', 'Ms')], max_length=4, verbose_name='title')),
                ('first_name', models.CharField(blank=True, max_length=60, verbose_name='first name')),
                ('last_name', models.CharField(blank=True, max_length=60, verbose_name='last name')),
                ('email', models.EmailField(max_length=254, verbose_name='mail address')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='contacts', to='shop.customer', verbose_name='customer')),
            ],
            options={
                'verbose_name': 'contact',
                'verbose_name_plural': 'contacts',
                'ordering': ['last_name', 'first_name'],
                'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('email'), name='one_contact_per_address')],
            },
        ),
        migrations.CreateModel(
            name='Alias',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sku', models.CharField(max_length=60, verbose_name='their article number')),
                ('customer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='aliases', to='shop.customer', verbose_name='customer')),
                ('product', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='aliases', to='shop.product', verbose_name='our product')),
            ],
            options={
                'verbose_name': "customer's article number",
                'verbose_name_plural': "customers' article numbers",
                'ordering': ['sku'],
                'constraints': [models.UniqueConstraint(fields=('customer', 'sku'), name='one_product_per_alias')],
            },
        ),
        migrations.CreateModel(
            name='Stock',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('on_hand', models.PositiveIntegerField(default=0, verbose_name='on hand')),
                ('reserved', models.PositiveIntegerField(default=0, verbose_name='reserved')),
                ('product', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='stock', to='shop.product', verbose_name='product')),
            ],
            options={
                'verbose_name': 'stock',
                'verbose_name_plural': 'stock',
                'ordering': ['product__sku'],
                'constraints': [models.CheckConstraint(condition=models.Q(('reserved__lte', models.F('on_hand'))), name='never_promise_more_than_we_have')],
            },
        ),
    ]
