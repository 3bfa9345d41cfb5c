from django.apps import AppConfig


class CompanyConfig(AppConfig):
    name = "hbu.company"
    label = "company"
