"""The sidebar. A section shows as soon as its route exists: names, so that accounts imports no app above it."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Section:
    """`url_name` takes the location's code as `location_code`; `icon` is a name in static/vendor/icons.txt."""

    label: str
    icon: str
    url_name: str


NAV: tuple[Section, ...] = (
    Section("Home", "home", "accounts:home"),
    Section("Calls", "phone-call", "dialer:calls"),
    Section("Campaigns", "speakerphone", "dialer:campaigns"),
    Section("Contacts", "users", "contacts:list"),
    Section("Agents", "robot", "voiceagents:list"),
    Section("Phone numbers", "phone", "phone_numbers:list"),
    Section("Compliance", "shield-check", "compliance:home"),
    Section("Dashboards", "chart-bar", "dashboards:home"),
    Section("Settings", "settings", "accounts:settings"),
)
