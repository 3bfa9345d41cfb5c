from django.urls import path

from cases.views import notifications

app_name = "notifications"
urlpatterns = [
    path("", notifications.page, name="list"),
    path("bell/", notifications.bell_part, name="bell"),
    path("read/", notifications.read, name="read"),
    path("settings/", notifications.settings, name="settings"),
    path("<int:pk>/", notifications.open_one, name="open"),
]
