import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cases', '0001_initial'),
        ('emails', '0001_initial'),
        ('orders', '0002_reading'),
    ]

    operations = [
        migrations.CreateModel(
            name='Filing',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='filings', to='orders.document', verbose_name='document')),
                ('email', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='filings', to='emails.email', verbose_name='mail')),
            ],
            options={
                'verbose_name': 'document of a mail',
                'verbose_name_plural': 'documents of mails',
                'ordering': ['id'],
                'constraints': [models.UniqueConstraint(fields=('email', 'document'), name='a_mail_files_a_document_once')],
            },
        ),
    ]
