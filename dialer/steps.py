"""The dialer's steps of the checklist on Home."""

from accounts.checklist import Step, register
from accounts.models import Location
from dialer.models import Call, Campaign
from voiceagents.models import Agent


def has_agent(location: Location) -> bool:
    return Agent.objects.for_location(location).exists()


def has_campaign(location: Location) -> bool:
    return Campaign.objects.filter(location=location).exists()


def has_rehearsed(location: Location) -> bool:
    return Call.objects.filter(location=location, is_test=True, started_at__isnull=False).exists()


def has_called(location: Location) -> bool:
    return Call.objects.filter(location=location, is_test=False, started_at__isnull=False).exists()


register(
    Step(
        "agent",
        40,
        "Make an agent",
        "Its goals, what it knows about the business, and its voice.",
        has_agent,
        "voiceagents:list",
        "Make an agent",
    )
)
register(
    Step(
        "campaign",
        70,
        "Make a campaign",
        "Who is called, by which agent, when. Nobody is called yet.",
        has_campaign,
        "dialer:campaign_new",
        "Make a campaign",
    )
)
register(
    Step(
        "rehearsal",
        80,
        "Have it call you",
        "A test call to your own phone shows how it sounds; it counts in no figure.",
        has_rehearsed,
        "dialer:campaigns",
        "Choose a campaign",
        optional=True,
    )
)
register(
    Step(
        "launch",
        90,
        "Launch it",
        "Calls go out one every 6 seconds, within every rule. With the first one this list is done.",
        has_called,
        "dialer:campaigns",
        "Go to campaigns",
    )
)
