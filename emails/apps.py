from django.apps import AppConfig


class EmailsConfig(AppConfig):
    name = "emails"

    def ready(self) -> None:
        from emails import listeners  # noqa: F401, PLC0415 - registers itself once the models are there
