from django.urls import path

from cases.composing_urls import composing_urls
from cases.views import case, composer, inbox, search

app_name = "cases"
urlpatterns = [
    path("inbox/", inbox.page, name="inbox"),
    path("inbox/parts/", inbox.parts, name="inbox_parts"),
    path("inbox/many/", inbox.many, name="inbox_many"),
    path("inbox/views/", inbox.views, name="inbox_views"),
    path("search/", search.page, name="search"),
    path("search/suggest/", search.suggest, name="suggest"),
    path("cases/new/", case.new, name="new"),
    path("cases/<str:number>/", case.page, name="case"),
    path("cases/<str:number>/parts/", case.parts, name="case_parts"),
    path("cases/<str:number>/do/", case.do, name="case_do"),
    path("cases/<str:number>/here/", case.here, name="case_here"),
    path("cases/<str:number>/mails/<int:pk>/", case.mail, name="case_mail"),
    path("cases/<str:number>/files/<int:pk>/", case.file, name="case_file"),
    path("cases/<str:number>/files/<int:pk>/<int:page>/", case.file_page, name="case_file_page"),
    path("cases/<str:number>/people/", case.people, name="case_people"),
    path("cases/<str:number>/compose/", composer.compose, name="compose"),
    *composing_urls,
]
