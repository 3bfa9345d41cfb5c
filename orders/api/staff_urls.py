from django.urls import re_path

from orders.api import staff
from orders.services.stepping import STEPS

NUMBER = r"^orders/(?P<number>[\w.-]{1,30})"

urlpatterns = [
    re_path(r"^orders/?$", staff.StaffOrders.as_view(), name="staff_orders"),
    re_path(rf"{NUMBER}/?$", staff.OneStaffOrder.as_view(), name="staff_order"),
    *(
        re_path(
            rf"{NUMBER}/{step.name}/?$",
            staff.TakeStep.as_view(step=step),
            name=f"staff_order_{step.name.replace('-', '_')}",
        )
        for step in STEPS.values()
    ),
]
