from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class CasesConfig(AppConfig):
    name = "cases"
    verbose_name = _("Cases")

    def ready(self) -> None:
        # They register themselves once the models are there.
        from cases import audiences, listeners  # noqa: F401, PLC0415
        from cases.services import replaying  # noqa: F401, PLC0415
