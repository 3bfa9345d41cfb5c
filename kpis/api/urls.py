from django.urls import re_path

from kpis.api import agents, figures, recommendations, system, views

NUMBERS = {
    "dashboard": views.Dashboard,
    "trends": views.Trends,
    "performance": views.Performance,
    "reports": views.Reports,
}

# The numbers of cases stand under both addresses.
urlpatterns = [
    re_path(
        r"^kpis/recommendations/?$",
        recommendations.Recommendations.as_view(),
        name="recommendations",
    ),
    re_path(
        r"^kpis/recommendations/(?P<pk>[0-9]{1,18})/done/?$",
        recommendations.Done.as_view(),
        name="recommendation_done",
    ),
    re_path(
        r"^kpis/recommendations/(?P<pk>[0-9]{1,18})/dismiss/?$",
        recommendations.Dismiss.as_view(),
        name="recommendation_dismiss",
    ),
    re_path(r"^kpis/?$", figures.Figures.as_view(), name="kpis"),
    re_path(r"^kpis/(?P<code>\w+)/?$", figures.Figure.as_view(), name="kpi"),
    re_path(r"^kpis/(?P<code>\w+)/history/?$", figures.History.as_view(), name="kpi_history"),
    re_path(r"^system/health/?$", system.Health.as_view(), name="system_health"),
    *(
        re_path(rf"^cases/analytics/{name}/?$", view.as_view(), name=f"cases_{name}")
        for name, view in NUMBERS.items()
    ),
    *(
        re_path(rf"^analytics/{name}/?$", view.as_view(), name=f"analytics_{name}")
        for name, view in NUMBERS.items()
    ),
    re_path(r"^agents/?$", agents.Agents.as_view(), name="agents"),
    re_path(r"^agents/(?P<pk>[0-9]{1,18})/?$", agents.OneAgent.as_view(), name="agent"),
    re_path(r"^agents/(?P<pk>[0-9]{1,18})/runs/?$", agents.Runs.as_view(), name="agent_runs"),
    re_path(r"^agents/(?P<pk>[0-9]{1,18})/start/?$", agents.Start.as_view(), name="agent_start"),
    re_path(r"^agents/(?P<pk>[0-9]{1,18})/pause/?$", agents.Pause.as_view(), name="agent_pause"),
    re_path(r"^agents/(?P<pk>[0-9]{1,18})/drain/?$", agents.Drain.as_view(), name="agent_drain"),
    re_path(r"^analytics/sla/?$", views.Reports.as_view(), name="analytics_sla"),
    re_path(r"^analytics/sla/results/?$", views.Results.as_view(), name="analytics_results"),
    re_path(r"^analytics/agents/?$", views.Agents.as_view(), name="analytics_agents"),
    re_path(
        r"^analytics/departments/?$", views.Departments.as_view(), name="analytics_departments"
    ),
]
