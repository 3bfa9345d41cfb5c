from typing import Any

from django.db import migrations, models
from django.db.models import Min


def begin_where_we_began(apps: Any, _editor: Any) -> None:
    """Mailboxes that took new mail alone began before the first mail of their ledger."""
    deliveries = apps.get_model("emails", "Delivery").objects
    for mailbox in apps.get_model("emails", "Mailbox").objects.filter(start="new"):
        ours = deliveries.filter(
            mailbox=mailbox, folder=mailbox.folder, uidvalidity=mailbox.uidvalidity or 0
        )
        first = ours.aggregate(first=Min("uid"))["first"]
        mailbox.after_uid = mailbox.last_uid if first is None else first - 1
        mailbox.save(update_fields=["after_uid"])


class Migration(migrations.Migration):
    dependencies = [("emails", "0007_receipts")]

    operations = [
        migrations.AddField(
            model_name="mailbox",
            name="after_uid",
            field=models.PositiveBigIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name="mailbox",
            name="counted_at",
            field=models.DateTimeField(editable=False, null=True, verbose_name="counted"),
        ),
        migrations.AddField(
            model_name="mailbox",
            name="counted_until_uid",
            field=models.PositiveBigIntegerField(default=0, editable=False),
        ),
        migrations.AddField(
            model_name="mailbox",
            name="gap_since",
            field=models.DateTimeField(editable=False, null=True, verbose_name="gap since"),
        ),
        migrations.AddField(
            model_name="mailbox",
            name="gone_count",
            field=models.PositiveIntegerField(
                default=0, editable=False, verbose_name="stored, and no longer on the server"
            ),
        ),
        migrations.AddField(
            model_name="mailbox",
            name="held_count",
            field=models.PositiveIntegerField(
                default=0, editable=False, verbose_name="on the server"
            ),
        ),
        migrations.AddField(
            model_name="mailbox",
            name="missing_uids",
            field=models.JSONField(default=list, editable=False, verbose_name="missing UIDs"),
        ),
        migrations.RunPython(begin_where_we_began, migrations.RunPython.noop),
    ]
