from django.apps import AppConfig


class JournalConfig(AppConfig):
    name = "hbu.journal"
    label = "journal"
