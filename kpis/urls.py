from django.urls import path

from kpis import monitoring, views

app_name = "kpis"
urlpatterns = [
    path("", views.start, name="start"),
    path("today/", views.today_parts, name="today_parts"),
    path("mails/<int:pk>/", views.mail, name="mail"),
    path("health", monitoring.health, name="health"),
    path("health/live", monitoring.live, name="live"),
    path("health/ready", monitoring.ready, name="ready"),
    path("stats", monitoring.stats, name="stats"),
]
