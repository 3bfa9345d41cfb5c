from django.urls import path

from kpis import agents_page, counters, monitoring, ops, reports, teams_page, views
from kpis.advice import pages as advice
from kpis.business import pages as business
from kpis.figures import pages as figures

app_name = "kpis"
urlpatterns = [
    path("", views.start, name="start"),
    path("today/", views.today_parts, name="today_parts"),
    path("mails/<int:pk>/", views.mail, name="mail"),
    path("live/counters/", counters.counters, name="counters"),
    path("dashboard/", business.page, name="business"),
    path("dashboard/parts/", business.living, name="business_parts"),
    path("recommendations/", advice.page, name="recommendations"),
    path("recommendations/parts/", advice.living, name="recommendations_parts"),
    path("recommendations/look/", advice.look, name="recommendations_look"),
    path("recommendations/<int:pk>/", advice.settle, name="recommendation"),
    path("agents/", agents_page.page, name="agents"),
    path("agents/parts/", agents_page.page_parts, name="agents_parts"),
    path("agents/<int:pk>/", agents_page.one, name="agent"),
    path("agents/<int:pk>/parts/", agents_page.one_parts, name="agent_parts"),
    path("agents/<int:pk>/forget/", agents_page.forget, name="agent_forget"),
    path("agents/<int:pk>/<slug:verb>/", agents_page.turn, name="agent_turn"),
    path("teams/", teams_page.page, name="teams"),
    path("teams/parts/", teams_page.parts, name="teams_parts"),
    path("teams/assign/", teams_page.assign, name="teams_assign"),
    path("kpis/", figures.overview, name="figures"),
    path("kpis/parts/", figures.overview_parts, name="figures_parts"),
    path("kpis/<slug:code>/", figures.figure, name="figure"),
    path("kpis/<slug:code>/parts/", figures.figure_parts, name="figure_parts"),
    path("reports/sla/", reports.sla, name="report_sla"),
    path("health", monitoring.health, name="health"),
    path("health/live", monitoring.live, name="live"),
    path("health/ready", monitoring.ready, name="ready"),
    path("stats", monitoring.stats, name="stats"),
    path("metrics", monitoring.prometheus, name="metrics"),
    path("monitor/", ops.monitor, name="monitor"),
    path("monitor/parts/", ops.monitor_parts, name="monitor_parts"),
    path("monitor/alerts/<int:pk>/seen/", ops.seen, name="alert_seen"),
    path("logs/", ops.logs, name="logs"),
    path("logs/lines/", ops.log_lines, name="log_lines"),
]
