from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "cases"

    def ready(self) -> None:
        from cases import listeners  # noqa: F401, PLC0415 - registers itself once the models are there
