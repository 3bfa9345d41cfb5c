"""What a person needs to know when the house is open."""

from collections.abc import Mapping

from django.conf import settings

from hbu.supervisor.staff import STAFF


def banner(chosen: Mapping[str, int], password: str) -> str:
    """Return the lines for the console; `password` is empty where somebody has changed it."""
    rows = {
        "Pages": f"http://127.0.0.1:{chosen['PORT']}/",
        "Staff login": f"{STAFF}   {password or '(the password that you have set)'}",
        **(_mail(chosen) if settings.HBU_MAIL_HUB else {}),
        "Data": str(settings.HBU_DATA_DIR),
    }
    lines = [f"  {label:<12} {value}" for label, value in rows.items()]
    return "\n".join(["", "  Happy Buttons is open. Ctrl-C stops everything.", "", *lines, ""])


def _mail(chosen: Mapping[str, int]) -> dict[str, str]:
    return {
        "Send mail": f"SMTP 127.0.0.1:{chosen['HBU_SMTP_PORT']}, to anybody, no login needed",
        "Read mail": f"IMAP 127.0.0.1:{chosen['HBU_IMAP_PORT']} (STARTTLS), as any address",
        "": f"with the password {settings.HBU_HUB_PASSWORD}",
    }
