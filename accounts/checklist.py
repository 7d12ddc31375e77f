"""The first days of a location, as steps. Each app registers its own; Home shows them until the last one is done."""

from collections.abc import Callable
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse

from accounts.models import Location


@dataclass(frozen=True, slots=True)
class Step:
    """One step of setting a location up. Shown by `order`; the last is done once a real call was made.

    done(location) says whether it is behind us, by the data, never by a click. url_name takes `location_code`.
    note is one sentence on why or what is needed; optional steps may be passed over.
    """

    key: str
    order: int
    title: str
    note: str
    done: Callable[[Location], bool]
    url_name: str
    button: str
    optional: bool = False


@dataclass(frozen=True, slots=True)
class Standing:
    """A step as it stands in one location; `next` marks the one to do now."""

    step: Step
    done: bool
    next: bool
    url: str


_steps: dict[str, Step] = {}


def register(step: Step) -> None:
    """Add a step; call it from the app's ready(). Registering a key again replaces the step."""
    _steps[step.key] = step


def standings(location: Location) -> list[Standing]:
    """Every step as it stands, in order; the first one not done (and not optional) is next."""
    found: list[Standing] = []
    next_found = False
    for step in sorted(_steps.values(), key=lambda step: step.order):
        try:
            url = reverse(step.url_name, args=[location.code])
        except NoReverseMatch:
            continue  # Like a section of the sidebar, a step shows as soon as its page exists.
        done = step.done(location)
        is_next = not done and not step.optional and not next_found
        next_found = next_found or is_next
        found.append(Standing(step, done, is_next, url))
    return found


def is_over(found: list[Standing]) -> bool:
    """Whether the last step is done: the first real call was made, and Home becomes today's board."""
    return bool(found) and found[-1].done
