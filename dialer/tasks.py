"""django-q2 entry points of the dialer."""

from accounts import jobs, transactions
from dialer import calls, campaigns, results
from dialer import drain as drain_loop


def drain() -> None:
    drain_loop.run()


def analyse(call_id: int) -> None:
    results.analyse(call_id)


def hang_up(attempt_id: int) -> None:
    calls.hang_up_attempt(attempt_id)


def every_minute() -> None:
    """What must happen soon, and what makes up for a task that was lost."""
    transactions.warn()
    jobs.recover()
    jobs.delete_old_files()
    campaigns.finish_done()
    results.analyse_left_over()
