from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class JournalConfig(AppConfig):
    name = "hbu.journal"
    label = "journal"
    verbose_name = _("Journal")

    def ready(self) -> None:
        import hbu.journal.auditing  # noqa: F401, PLC0415 - it listens from now on
