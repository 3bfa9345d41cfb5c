from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate  # noqa: TID251 - Django's own, when the schema is up to date

# Imported here and not in hbu/__init__: whoever only needs the floor, such as the jail, is spared it.
from hbu.celery import app

__all__ = ["HbuConfig", "app"]


class HbuConfig(AppConfig):
    name = "hbu"
    label = "hbu"

    def ready(self) -> None:
        # Models are there only now.
        from hbu.role_groups import after_migrating  # noqa: PLC0415

        # The last app with models: by then the permissions of all of them are there.
        post_migrate.connect(after_migrating, sender=apps.get_app_config("kpis"))
