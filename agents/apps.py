from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AgentsConfig(AppConfig):
    name = "agents"
    verbose_name = _("Agents & teams")

    def ready(self) -> None:
        from agents import listeners  # noqa: F401, PLC0415 - registers itself once the models are there
