"""django-q2 entry points of accounts."""

from accounts import jobs


def run_job(job_id: int) -> None:
    jobs.run(job_id)
