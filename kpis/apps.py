from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class KpisConfig(AppConfig):
    name = "kpis"
    verbose_name = _("figures")

    def ready(self) -> None:
        # Models are there only now.
        from kpis import checks  # noqa: F401, PLC0415
