"""Under /rate/: for customers, by the link in our letter."""

from django.urls import path

from cases.views import rating

app_name = "rating"
urlpatterns = [path("<str:token>/", rating.rate, name="rate")]
