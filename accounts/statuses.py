"""The statuses a person sees: one colour, one icon and one word each, the same on every page.

A `TextChoices` of an app maps its values to these, so that badges, filters and charts never drift apart.
"""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Status:
    """`colour` is one of grey, blue, green, purple, amber, red, orange; `icon` a name in static/vendor/icons.txt."""

    key: str
    label: str
    icon: str
    colour: str
    pulse: bool = False


STATUSES: dict[str, Status] = {
    status.key: status
    for status in (
        Status("planned", "Scheduled", "calendar", "grey"),
        Status("waiting", "Queued", "clock", "blue"),
        Status("talking", "Talking", "phone-call", "green", pulse=True),
        Status("done", "Connected", "circle-check", "green"),
        Status("voicemail", "Voicemail", "record-mail", "purple"),
        Status("no_answer", "No answer", "phone-x", "amber"),
        Status("failed", "Failed", "alert-circle", "red"),
        Status("refused", "Refused by a rule", "shield-x", "orange"),
        Status("canceled", "Canceled", "ban", "grey"),
    )
}

JOB_STATUSES: dict[str, Status] = {
    status.key: status
    for status in (
        Status("waiting", "Waiting for a worker", "clock", "blue"),
        Status("running", "Running", "progress", "blue", pulse=True),
        Status("done", "Done", "circle-check", "green"),
        Status("failed", "Failed", "alert-circle", "red"),
        Status("canceled", "Canceled", "ban", "grey"),
    )
}
