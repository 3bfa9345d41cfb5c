"""How the staff's house looks. The menu itself is hbu/navigation.py."""

from typing import Any

from django.urls import reverse_lazy
from django.utils.translation import gettext_lazy as _

LOOK: dict[str, Any] = {
    "SITE_TITLE": _("Happy Buttons"),
    "SITE_HEADER": _("Happy Buttons"),
    "SITE_SYMBOL": "crown",
    "SITE_URL": "/",
    "SHOW_LANGUAGES": True,
    "SHOW_VIEW_ON_SITE": False,
    "BORDER_RADIUS": "6px",
    "COLORS": {
        # Royal blue, from the sky to the night.
        "primary": {
            "50": "oklch(97% .014 265)",
            "100": "oklch(93.5% .032 265)",
            "200": "oklch(88% .06 265)",
            "300": "oklch(80% .1 265)",
            "400": "oklch(69% .15 265)",
            "500": "oklch(58% .19 265)",
            "600": "oklch(49% .2 265)",
            "700": "oklch(42% .18 265)",
            "800": "oklch(36% .15 265)",
            "900": "oklch(31% .11 265)",
            "950": "oklch(23% .08 265)",
        },
    },
    "SIDEBAR": {"show_search": False, "navigation": "hbu.navigation.navigation"},
    "COMMAND": {"search_models": False},
    "ACCOUNT": {
        "navigation": [
            {"title": _("Change password"), "link": reverse_lazy("admin:password_change")},
            {"title": _("Sign out everywhere"), "link": reverse_lazy("sign_out_everywhere")},
        ]
    },
}
