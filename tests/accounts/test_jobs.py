"""What becomes of long work whose worker or whose task was lost."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.urls import reverse
from django.utils import timezone
from django_q.models import OrmQ

from accounts import jobs
from accounts.models import Job, JobState, Role
from contacts.models import Contact
from dialer import tasks
from tests.contacts import lists
from tests.factories import LocationFactory, MemberFactory

pytestmark = pytest.mark.django_db


def test_an_import_whose_worker_was_lost_says_so_and_can_be_started_again(client):
    location = LocationFactory()
    contact_import = lists.upload(location, b"Phone,Name\n303-555-0111,Ana\n")
    job = Job.objects.create(
        location=location, kind="contact_import", title="Import", parameters={"import": contact_import.code},
        created_at=timezone.now() - timedelta(hours=1), state=JobState.RUNNING,
        beat_at=timezone.now() - jobs.LOST_AFTER - timedelta(seconds=1),
    )  # fmt: skip
    contact_import.job = job
    contact_import.save()
    tasks.every_minute()
    job.refresh_from_db()
    assert (job.state, job.error) == (JobState.FAILED, jobs.WORKER_LOST)
    client.force_login(MemberFactory(location=location, role=Role.STAFF).user)
    page = client.get(reverse("contacts:import", args=[location.code, contact_import.code]))
    assert "303-555-0111" in page.content.decode()
    lists.run(contact_import)
    assert Contact.objects.get().phone == "+13035550111"


def test_a_job_at_work_is_left_alone():
    job = Job.objects.create(
        location=LocationFactory(), kind="contact_import", title="Import", state=JobState.RUNNING,
        created_at=timezone.now() - timedelta(hours=1),
        beat_at=timezone.now() - jobs.LOST_AFTER + timedelta(seconds=30),
    )  # fmt: skip
    jobs.recover()
    job.refresh_from_db()
    assert job.state == JobState.RUNNING


def test_rows_that_are_all_read_are_said_to_be_written(client):
    location = LocationFactory()
    job = Job.objects.create(
        location=location, kind="contact_import", title="Import", state=JobState.RUNNING, started_at=timezone.now(),
    )  # fmt: skip
    progress = jobs.Progress(job)
    client.force_login(MemberFactory(location=location, role=Role.STAFF).user)

    def says_so() -> bool:
        page = client.get(reverse("accounts:job", args=[location.code, job.code])).content.decode()
        return "being written" in page

    progress.advance(500, 700)
    assert not says_so()
    progress.advance(700, 700)
    assert says_so()


@pytest.mark.parametrize(("waited", "queued"), [(30, 0), (90, 1)])
def test_a_waiting_job_whose_task_was_lost_is_queued_again(waited, queued):
    OrmQ.objects.all().delete()
    location = LocationFactory()
    Job.objects.create(
        location=location, kind="contact_import", title="Import",
        created_at=timezone.now() - timedelta(seconds=waited),
    )  # fmt: skip
    jobs.recover()
    jobs.recover()  # the queue is not empty: no second task
    assert OrmQ.objects.count() == queued


def test_the_file_of_a_job_is_deleted_after_a_week():
    location = LocationFactory()
    made = [
        Job.objects.create(
            location=location, kind="audit_export", title="Archive", state=JobState.DONE, ended_at=at
        )
        for at in (timezone.now() - jobs.FILES_KEPT, timezone.now() - jobs.FILES_KEPT + timedelta(hours=1))
    ]
    for job in made:
        job.result_file.save("archive.zip", ContentFile(b"numbers"))
    old, recent = made
    path = Path(old.result_file.path)

    tasks.every_minute()

    assert not path.exists()
    old.refresh_from_db()
    recent.refresh_from_db()
    assert (old.result_file.name, recent.result_file.read()) == ("", b"numbers")
