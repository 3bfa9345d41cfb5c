from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class EmailsConfig(AppConfig):
    name = "emails"
    verbose_name = _("Mails")

    def ready(self) -> None:
        from emails import audiences, listeners  # noqa: F401, PLC0415 - registers itself once the models are there
