"""The schedules that django-q2 keeps. They come from code only: one bad row would stop all of them."""

from datetime import timedelta
from typing import Any

from django.utils.timezone import now as clock
from django_q.models import Schedule
from django_q.tasks import async_task

DAY = 24 * 60
# name → function, cluster (None is the worker's), every how many minutes, how many seconds after the migrate it first
# runs.
SCHEDULES: dict[str, tuple[str, str | None, int, int]] = {
    # Two a minute, half a minute apart: the newest drain works, the one before it stands by.
    "drain": ("dialer.tasks.drain", "dialer", 1, 0),
    "drain, half a minute later": ("dialer.tasks.drain", "dialer", 1, 30),
    "every minute": ("dialer.tasks.every_minute", None, 1, 0),
    "look at the provider's reviews": ("compliance.tasks.look_at_reviews", None, 1, 30),
    # Soon after a migrate as well: a new release may bring a new scanner.
    "scan the opt-in forms": ("compliance.tasks.rescan_forms", None, DAY, 60),
    # Numbers of before, and all of them when the public address changed.
    "have texts sent here": ("phone_numbers.tasks.hear_texts", None, 60, 45),
    "forget what the API answered": ("compliance.tasks.forget_api_answers", None, 60, 90),
    "seals": ("compliance.tasks.keep_and_seal", None, 1, 15),
    # Each chain of seals once a day, a slice of them at a time.
    "check the seals": ("compliance.tasks.check_seals", None, 10, 300),
}


def install(**kwargs: Any) -> None:
    """Write the schedules as they should be and remove any other; runs after every migrate.

    A drain is queued as well: django-q2 looks at its schedules for the first time half a minute after its start.
    """
    Schedule.objects.exclude(name__in=SCHEDULES).delete()
    for name, (function, cluster, minutes, offset) in SCHEDULES.items():
        Schedule.objects.update_or_create(
            name=name,
            defaults={
                "func": function,
                "cluster": cluster,
                "schedule_type": Schedule.MINUTES,
                "minutes": minutes,
                "repeats": -1,
                "next_run": clock() + timedelta(seconds=offset),
            },
        )
    async_task("dialer.tasks.drain", cluster="dialer")
