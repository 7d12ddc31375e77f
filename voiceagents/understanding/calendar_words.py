"""The words of the calendar in English and Spanish, folded by `numbers.plain`."""

# Monday is 0.
WEEKDAYS: dict[str, int] = {
    name: number
    for number, names in enumerate(
        (
            "monday mon mondays lunes lun",
            "tuesday tues tue tuesdays martes",
            "wednesday weds wed wednesdays miercoles mie",
            "thursday thurs thur thu thursdays jueves jue",
            "friday fri fridays viernes vie",
            "saturday saturdays sabado sab",
            "sunday sundays domingo",
        )
    )
    for name in names.split()
}

MONTHS: dict[str, int] = {
    name: number
    for number, names in enumerate(
        (
            "january jan enero",
            "february feb febrero",
            "march mar marzo",
            "april apr abril",
            "may mayo",
            "june jun junio",
            "july jul julio",
            "august aug agosto",
            "september sept sep septiembre setiembre",
            "october oct octubre",
            "november nov noviembre",
            "december dec diciembre",
        ),
        start=1,
    )
    for name in names.split()
}

# Words said after a time: "9 a.m. Central", "las 5 hora peninsular".
ZONES: dict[str, str] = {
    word: zone
    for zone, words in {
        "America/New_York": ("eastern", "est", "edt", "et", "new york", "del este"),
        "America/Chicago": ("central", "cst", "cdt", "ct", "chicago", "del centro"),
        "America/Denver": ("mountain", "mst", "mdt", "mt", "denver"),
        "America/Phoenix": ("arizona",),
        "America/Los_Angeles": ("pacific", "pst", "pdt", "pt", "california", "del pacifico"),
        "America/Anchorage": ("alaska",),
        "Pacific/Honolulu": ("hawaii",),
        "America/Mexico_City": ("mexico",),
        "America/Bogota": ("colombia",),
        "America/Argentina/Buenos_Aires": ("argentina",),
        "Europe/London": ("london", "uk"),
        "Europe/Madrid": ("madrid", "peninsular", "espana", "espanola"),
        "Atlantic/Canary": ("canaria", "canarias"),
        "UTC": ("utc", "gmt"),
    }.items()
    for word in words
}


def one_of(words: dict[str, int] | dict[str, str]) -> str:
    """The words as a regular expression's alternatives, longest first, so that "mon" never cuts "monday"."""
    return "|".join(sorted(words, key=len, reverse=True))
