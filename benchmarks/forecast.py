"""The launch forecast of 100,000 contacts on PostgreSQL, and what it costs in memory.

python -m benchmarks.forecast
"""

from typing import Any

from benchmarks.stage import Figure, memory_over_base, postgresql, report, scaled, seconds

CONTACTS = scaled(100_000, 2_000)
MOST_SECONDS, MOST_MEGABYTES = 60, 100


def main() -> None:
    with postgresql() as _:
        from django.db import connection
        from django.utils.timezone import now

        from accounts import jobs
        from accounts.models import Location
        from benchmarks import filling
        from dialer import forecasts
        from dialer.models import Call, Campaign, Forecast, ForecastContact
        from voiceagents.models import Agent

        filling.locations(1)
        filling.calls(CONTACTS)
        Call.objects.all().delete()
        location = Location.objects.get()
        with connection.cursor() as cursor:
            # Four zones and eight states in turn; one in ten without consent, one in five was called in the last days.
            cursor.execute(
                "UPDATE contacts_contact SET zones = (ARRAY['America/New_York', 'America/Chicago', 'America/Denver', "
                "'America/Los_Angeles'])[1 + id %% 4], fields = jsonb_build_object('state', "
                "(ARRAY['NY', 'TX', 'FL', 'CA', 'CO', 'WA', 'LA', 'AL'])[1 + id %% 8])",
                [],
            )
            # The ledger is append-only, and says so by triggers.
            cursor.execute("ALTER TABLE compliance_consententry DISABLE TRIGGER USER")
            cursor.execute("DELETE FROM compliance_consententry WHERE contact_id %% 10 = 3", [])
            cursor.execute(
                "INSERT INTO compliance_numberday (phone, local_date, dialled_at, location_id, attempt_token) "
                "SELECT phone, (at AT TIME ZONE 'UTC')::date, at, location_id, 'bench' || id FROM contacts_contact, "
                "LATERAL (SELECT %s::timestamptz - (id %% 864000) * interval '1 second' AS at) was "
                "WHERE id %% 5 = 1",
                [now()],
            )
        filling.analyse()
        campaign = Campaign.objects.create(location=location, name="Bench", agent=Agent.objects.get())

        def forecast() -> None:
            job = forecasts.start(campaign, None)
            assert job is not None
            jobs.run(job.pk)
            job.refresh_from_db()
            if job.error:
                raise AssertionError(job.error)

        forecast()
        with memory_over_base() as most:
            taken = seconds(forecast)
        summary: dict[str, Any] = Forecast.objects.get().summary
        if ForecastContact.objects.count() != CONTACTS or summary["contacts"] != CONTACTS:
            raise AssertionError(f"{ForecastContact.objects.count()} of {CONTACTS} contacts have a fate")
        report(
            "forecast",
            [
                Figure(
                    f"forecast of a launch to {CONTACTS:,} contacts, facts read and fates written",
                    f"{taken:.1f} s ({summary['results'].get('called', 0):,} called until {summary['last'][:10]}, "
                    f"{summary['results'].get('refused', 0):,} refused)",
                    "",
                    f"≤ {MOST_SECONDS} s",
                    taken <= MOST_SECONDS,
                ),
                Figure(
                    "memory of it, over base",
                    f"{most[0]:.0f} MB",
                    "",
                    f"≤ {MOST_MEGABYTES} MB",
                    most[0] <= MOST_MEGABYTES,
                ),
            ],
        )


if __name__ == "__main__":
    main()
