"""Shapes of answers and requests."""

from typing import Any

from django.utils.translation import gettext
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from agents.models import Department
from emails.models import Attachment, Email, OutgoingEmail
from hbu.lib.api.shapes import Strict
from hbu.lib.telling import told
from shop.models import Customer


class DeskShape(serializers.ModelSerializer[Department]):
    name = serializers.CharField(read_only=True)

    class Meta:
        model = Department
        fields = ["code", "name"]
        read_only_fields = fields


class SenderShape(serializers.ModelSerializer[Customer]):
    class Meta:
        model = Customer
        fields = ["number", "name"]
        read_only_fields = fields


class EmailSummary(serializers.ModelSerializer[Email]):
    department = DeskShape(read_only=True, allow_null=True)
    customer = SenderShape(read_only=True, allow_null=True)
    mailbox = serializers.CharField(source="mailbox.address", read_only=True, default=None)
    error = serializers.SerializerMethodField(help_text="Why it is in quarantine; else empty.")

    class Meta:
        model = Email
        fields = [
            "id", "subject", "from_name", "from_address", "received_at", "mailbox", "kind",
            "priority", "sentiment", "language", "confidence", "is_oem", "automatic", "trust",
            "customer", "department", "sla", "state", "answerable", "error",
        ]  # fmt: skip
        read_only_fields = fields

    def get_error(self, email: Email) -> str:
        return told(email.error) if email.error else ""


class AttachmentShape(serializers.ModelSerializer[Attachment]):
    class Meta:
        model = Attachment
        fields = ["id", "filename", "content_type", "size"]
        read_only_fields = fields


class AnswerShape(serializers.ModelSerializer[OutgoingEmail]):
    class Meta:
        model = OutgoingEmail
        fields = ["id", "subject", "to_address", "state", "sent_at"]
        read_only_fields = fields


class EmailShape(EmailSummary):
    attachments = AttachmentShape(many=True, read_only=True)
    answers = AnswerShape(many=True, read_only=True)

    class Meta(EmailSummary.Meta):
        fields = [
            *EmailSummary.Meta.fields, "message_id", "to", "cc", "reply_to", "date", "text",
            "must_not_answer", "attachments", "answers",
        ]  # fmt: skip
        read_only_fields = fields


class WhyReason(serializers.Serializer[Any]):
    what = serializers.CharField(help_text="In your language.")
    evidence = serializers.CharField(help_text="As it was found in the mail.")
    weight = serializers.FloatField()


class WhyVerdict(serializers.Serializer[Any]):
    kind = serializers.CharField()
    priority = serializers.CharField(help_text="Before the rules.")
    confidence = serializers.FloatField()
    reasons = WhyReason(many=True)


class WhyRule(serializers.Serializer[Any]):
    rule = serializers.CharField()
    rule_id = serializers.IntegerField(allow_null=True)
    version = serializers.IntegerField(allow_null=True)
    hit = serializers.BooleanField()
    reached = serializers.BooleanField(help_text="false: a rule above it ended the search.")
    applied: Any = serializers.DictField(child=serializers.CharField(), help_text="What it set.")
    overruled: Any = serializers.DictField(
        child=serializers.CharField(), help_text="What it would have set; a rule above it did."
    )
    checks: Any = serializers.ListField(
        child=serializers.DictField(), help_text="What was looked at, with the outcome."
    )


class WhyShape(serializers.Serializer[Email]):
    """Why a mail is what it is, and why it is where it is."""

    id = serializers.IntegerField()
    verdict = serializers.SerializerMethodField()
    department = serializers.CharField(source="department.code", default=None)
    priority = serializers.CharField()
    sla = serializers.CharField()
    trace = serializers.SerializerMethodField(help_text="Every rule, in the order it was asked.")
    must_not_answer = serializers.SerializerMethodField(
        help_text="Why it is never answered by itself; else empty."
    )

    @extend_schema_field(WhyVerdict)
    def get_verdict(self, email: Email) -> dict[str, Any]:
        return {
            "kind": email.kind,
            "priority": email.verdict_priority or email.priority,
            "confidence": email.confidence,
            "reasons": [
                {
                    "what": gettext(one.get("what", "")) if one.get("what") else "",
                    "evidence": one.get("evidence", ""),
                    "weight": one.get("weight", 0.0),
                }
                for one in email.reasons
            ],
        }

    @extend_schema_field(WhyRule(many=True))
    def get_trace(self, email: Email) -> list[dict[str, Any]]:
        return [_entry(one) for one in email.trace]

    def get_must_not_answer(self, email: Email) -> str:
        return told(email.must_not_answer) if email.must_not_answer else ""


def _entry(one: dict[str, Any]) -> dict[str, Any]:
    return {
        "rule": told(one["rule"]) if one.get("rule_id") is None else one["rule"],
        "rule_id": one.get("rule_id"),
        "version": one.get("version"),
        "hit": bool(one.get("hit")),
        "reached": one.get("reached", True),
        "applied": one.get("applied") or {},
        "overruled": one.get("overruled") or {},
        "checks": list(one.get("checks") or ()),
    }


class DismissRequest(Strict[Any]):
    reason = serializers.CharField(max_length=300, help_text="Why nobody needs to look at it.")
