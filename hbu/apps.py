from django.apps import AppConfig


class HbuConfig(AppConfig):
    name = "hbu"
    label = "hbu"
