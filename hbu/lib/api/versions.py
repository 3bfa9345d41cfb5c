"""Nobody overwrites what somebody else changed meanwhile (RFC 9110, If-Match)."""

from datetime import UTC, datetime

from django.utils.translation import gettext_lazy as _
from rest_framework.exceptions import APIException
from rest_framework.request import Request


class Overtaken(APIException):
    status_code = 412
    default_code = "overtaken"
    default_detail = _("It was changed meanwhile. Read it again.")


def version_of(changed_at: datetime) -> str:
    return f"{changed_at.astimezone(UTC):%Y%m%dT%H%M%S.%f}"


def must_match(request: Request, changed_at: datetime) -> None:
    """Raise Overtaken where the caller names another version than the one that is held."""
    said = request.headers.get("If-Match", "").strip()
    if said in ("", "*"):
        return
    versions = {one.strip().removeprefix("W/").strip('"') for one in said.split(",")}
    if version_of(changed_at) not in versions:
        raise Overtaken
