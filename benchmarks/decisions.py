"""Decisions per second: facts in memory, from a number's text, and with facts fetched for a batch of 10,000 calls.

python -m benchmarks.decisions
"""

from datetime import timedelta

import phonenumbers

from benchmarks.stage import Figure, median, postgresql, report, scaled, seconds

BATCH = scaled(10_000, 1_000)


def main() -> None:
    with postgresql() as _:
        from django.utils.timezone import now

        from benchmarks import filling
        from compliance import facts
        from compliance.rules import ContactFacts, Facts, decide
        from compliance.zones import place_of
        from dialer.models import Call

        filling.locations(100)
        filling.calls(BATCH)
        filling.analyse()
        at = now() + timedelta(milliseconds=250)
        asks = [
            facts.Ask(pk, contact) for pk, contact in Call.objects.values_list("pk", "contact_id")[:BATCH]
        ]
        found: list[Facts] = []

        def fetch() -> None:
            found[:] = facts.gather(asks, at).values()

        def in_batches() -> None:
            for start in range(0, BATCH, 500):
                facts.gather(asks[start : start + 500], at)

        def decide_all() -> None:
            for each in found:
                if decide(each, at).decision != "allow":
                    raise AssertionError(f"not allowed: {decide(each, at)}")

        texts = [f"+1303{2_000_000 + n}" for n in range(BATCH)]

        def from_text() -> None:
            for text in texts:
                decide_cold(text)

        def decide_cold(text: str) -> None:
            place = place_of(text, "US", None)
            model = found[0]
            decide(Facts(model.location, ContactFacts(place, True, False)), at)

        def library() -> None:
            for text in texts:
                number = phonenumbers.parse(text, None)
                phonenumbers.is_valid_number(number)

        fetch()
        rounds = range(3)
        fetching = median([seconds(fetch) for _ in rounds])
        batched = median([seconds(in_batches) for _ in rounds])
        deciding = median([seconds(decide_all) for _ in rounds])
        decide_cold("+13035550123")  # the library reads its tables of a country with the first number
        library()
        cold = median([seconds(from_text) for _ in rounds])
        alone = median([seconds(library) for _ in rounds])
        micro = 1e6 / BATCH
        report(
            "decisions",
            [
                Figure(
                    "one decision, facts in memory, stored zone",
                    f"{deciding * micro:.1f} µs ({BATCH / deciding:,.0f}/s)",
                    f"phonenumbers parse and validity {alone * micro:.1f} µs",
                    "≤ 10 µs",
                    deciding * micro <= 10,
                ),
                Figure(
                    "one decision from the number's text",
                    f"{cold * micro:.1f} µs",
                    f"phonenumbers parse and validity {alone * micro:.1f} µs",
                    "≤ 35 µs",
                    cold * micro <= 35,
                ),
                Figure(
                    f"facts fetched and decided, a batch of {BATCH:,}",
                    f"{BATCH / (fetching + deciding):,.0f}/s",
                    f"phonenumbers alone {BATCH / alone:,.0f}/s",
                ),
                Figure(
                    "facts of 500 calls, seven queries",
                    f"{batched / (BATCH / 500) * 1e3:.1f} ms",
                    "",
                    "≤ 10 ms",
                    batched / (BATCH / 500) <= 0.010,
                ),
            ],
        )


if __name__ == "__main__":
    main()
