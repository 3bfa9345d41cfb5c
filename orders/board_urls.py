from django.urls import path

from orders.views import board

app_name = "board"
urlpatterns = [
    path("", board.page, name="board"),
    path("parts/", board.parts, name="parts"),
    path("<int:pk>/do/", board.do, name="do"),
]
