"""The figures for which a company file may name targets. What they are, kpis/definitions.py says."""

CODES = frozenset((
    "agent_utilisation", "automation_rate", "backlog", "bounce_rate", "complaint_rate",
    "courtesy_score", "customer_satisfaction", "first_contact_resolution", "first_response_hours",
    "mail_efficiency", "on_time_delivery", "order_fulfilment", "overall_score", "resolution_hours",
    "revenue", "revenue_growth", "sla_compliance",
))  # fmt: skip
