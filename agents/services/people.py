"""People who work here: whoever logs in as staff can be given work."""

from django.contrib.auth.models import User

from agents.models import Agent


def employ(user: User) -> Agent:
    """Return the person's row among those who do work, made or brought up to date.

    Somebody who may no longer log in is no longer at work; what was his or hers stays so until
    somebody hands it on.
    """
    agent = Agent.objects.filter(user=user).first() or Agent(user=user, kind=Agent.Kind.HUMAN)
    if agent.kind == Agent.Kind.HUMAN:
        agent.name = (user.get_full_name() or user.get_username())[:80]
        agent.is_active = user.is_active and user.is_staff
        agent.save()
    return agent
