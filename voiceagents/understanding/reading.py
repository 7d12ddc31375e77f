"""Goes through a transcript turn by turn and keeps what was asked, agreed, declined and handed over.

What the agent proposed counts only once the contact accepted it, and the contact's last word wins.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from typing import Literal

from compliance import optout_keypad as keypad
from compliance.optout import NONE, OptOut, detect_optout, fold
from voiceagents.understanding import cues
from voiceagents.understanding.calendar_words import MONTHS, WEEKDAYS
from voiceagents.understanding.clocks import MOST_CHARACTERS
from voiceagents.understanding.dates import hear
from voiceagents.understanding.heard import Heard
from voiceagents.understanding.numbers import find_phone_number, plain, spell_out
from voiceagents.understanding.people import Person, find_person

# A call of more turns than these is judged turn by turn only.
JOINED_TURNS = 60
_WORD = re.compile(r"[a-z']{4,}")


@dataclass(frozen=True, slots=True)
class Turn:
    speaker: Literal["agent", "contact"]
    text: str


@dataclass(slots=True)
class Reading:
    """What the turns said. `requested_at`, `refused_at` and `meeting_at` are positions in the transcript (-1: never):
    the latest of them decides between contradicting ones."""

    heard: Heard = field(default_factory=Heard)
    requested_at: int = -1
    refused_at: int = -1
    meeting_at: int = -1
    busy: bool = False
    interested: bool = False
    thinking: bool = False
    hedged: bool = False
    indirect: bool = False  # a time was said, but not that it is one to call at
    self_calls: bool = False
    number: str | None = None
    person: Person | None = None
    optout: OptOut = NONE


def is_mailbox(text: str) -> bool:
    """Whether a turn is a mailbox's greeting and no person's word."""
    return bool(cues.MAILBOX.search(plain(text[:MOST_CHARACTERS])))


def read(transcript: Sequence[Turn], today: date, language: str, region: str) -> Reading:
    """Reads a whole transcript. `today` is the day of the call where the contact is, `region` an ISO country."""
    reader = _Reader(today, language, region)
    for position, turn in enumerate(transcript):
        if turn.speaker == "agent":
            reader.agent_says(position, plain(turn.text[:MOST_CHARACTERS]))
        elif turn.text.strip() and not is_mailbox(turn.text):
            reader.contact_says(position, turn.text)
    reader.reading.optout = strictest(reader.texts, joined=True)
    return reader.reading


@lru_cache(256)
def optout_of(text: str) -> OptOut:
    """What one turn says about stopping; the reading of a call asks about a turn more than once."""
    return detect_optout(text, "voice")


def strictest(texts: list[str], joined: bool = False) -> OptOut:
    """The opt-out that blocks most; `joined` lets several turns make one worse than each, never make one alone."""
    stopping = [found for text in texts if (found := optout_of(text)).stop_calling]
    if stopping and joined and len(texts) < JOINED_TURNS:
        together = detect_optout(" ".join(texts), "voice")
        stopping += [together] if together.stop_calling else []
    rank = {"high": 2, "medium": 1, None: 0}
    return max(stopping, key=lambda each: (rank[each.blacklist_risk], each.kind == "opt_out"), default=NONE)


def _says_only_when(folded: str) -> bool:
    words = re.findall(r"[a-z']+", spell_out(folded))
    return all(word in cues.WHEN_WORDS or word in WEEKDAYS or word in MONTHS for word in words)


@dataclass(slots=True)
class _Heard:
    """One contact turn: its words, what the agent had said before it, and what it says about time."""

    position: int
    text: str
    folded: str
    asks: bool
    accepts: bool
    rejects: bool
    heard: Heard


class _Reader:
    def __init__(self, today: date, language: str, region: str) -> None:
        self.today, self.language, self.region = today, language, region
        self.reading = Reading()
        self.texts: list[str] = []
        self.agent_text = ""  # what the agent said since the contact's last turn
        self.proposed = Heard()
        self.pending_meeting = False
        self.call_offered = False
        self.meeting_talked_at = -1
        self.digits = ""

    def hear(self, text: str) -> Heard:
        return hear(text, self.today, self.language, self.region)

    def agent_says(self, position: int, folded: str) -> None:
        self.agent_text = f"{self.agent_text} {folded}".strip()
        self.proposed = self.hear(self.agent_text)
        self.call_offered |= bool(cues.CALL_YOU.search(folded))
        books = cues.BOOKED.search(folded) and not cues.CALL_BACK.search(folded)
        about_a_meeting = self.pending_meeting or cues.MEETING.search(folded) or cues.SEES_YOU.search(folded)
        if (
            books
            and about_a_meeting
            and self.reading.requested_at <= max(self.reading.meeting_at, self.meeting_talked_at)
        ):
            self.reading.meeting_at = position

    def contact_says(self, position: int, text: str) -> None:
        # "What time?" "Nine.": an hour, and not the key that stops our calls.
        if not (keypad.may_answer(self.agent_text) and keypad.is_bare(fold(text))):
            self.texts.append(text)
        said = self._said(position, text[:MOST_CHARACTERS])
        self._note_referral(said)
        self._note_request(said)
        self._note_mood(said)
        self._note_meeting(said)
        self._note_digits(said)
        self.agent_text, self.proposed = "", Heard()

    def _said(self, position: int, text: str) -> _Heard:
        folded = plain(text)
        has_number = find_phone_number(text, self.region) is not None
        heard = self.hear(cues.PHONE_DIGITS.sub(" ; ", folded) if has_number else text)
        asked_hour = cues.ASKS_WHEN.search(self.agent_text) and cues.ASKS_HOUR.search(self.agent_text)
        names_hour = self.proposed.has_time and cues.ONLY_HOUR.fullmatch(spell_out(text))
        if heard.empty and (asked_hour or names_hour):
            heard = self.hear(f"at {text}")  # the answer to "what time?" is often a bare "ten"
        rejects = bool(cues.REJECT.search(folded))
        accepts = bool(cues.ACCEPT.search(folded)) and not rejects
        asks = bool(cues.REQUEST.search(cues.SELF_CALLS.sub(" ", folded)))
        return _Heard(position, text, folded, asks, accepts, rejects, heard)

    def _note_referral(self, said: _Heard) -> None:
        reading = self.reading
        number = find_phone_number(said.text, self.region)
        if number:
            reading.number, reading.requested_at = number, said.position
        person = find_person(said.text)
        if person is None or not (number or cues.REFERRAL.search(said.folded)):
            return
        if reading.person is None or (person.name and (number or not reading.person.name)):
            reading.person = person

    def _note_request(self, said: _Heard) -> None:
        reading, heard = self.reading, said.heard
        # the time of a call already asked for or offered
        settling = reading.requested_at >= 0 or self.call_offered
        refuses = self._refuses(said)
        about_meeting = cues.MEETING.search(self.agent_text)
        proposes = "?" in self.agent_text and not self.proposed.empty
        offered = not about_meeting and (settling or proposes or cues.OFFERS_CALL.search(self.agent_text))
        if about_meeting and self._agrees_to_meet(said):
            pass  # the appointment that was offered, in the contact's words
        elif not heard.empty and self._is_a_time_to_call(said):
            if heard.has_time and not heard.has_day and self.proposed.has_day and not reading.heard.has_day:
                heard.take_day_of(self.proposed)
            elif heard.day == self.proposed.day and not heard.has_time:
                heard.take_time_of(self.proposed)  # "Tuesday at 10?" "Tuesday works"
            reading.heard.take(heard)
            reading.requested_at = said.position
            reading.indirect = self._is_indirect(said) and not settling
            reading.hedged = bool(cues.HEDGED.search(said.folded))
        elif said.accepts and offered and not self.proposed.empty:
            reading.heard.take(self.proposed)
            reading.requested_at = said.position
        elif said.asks:
            reading.requested_at = said.position
            reading.hedged = bool(cues.HEDGED.search(said.folded))
        elif said.accepts and offered and self._agent_asks_for_another_time():
            reading.requested_at = said.position
        if refuses:
            reading.refused_at = said.position

    def _agent_asks_for_another_time(self) -> bool:
        return "?" in self.agent_text and bool(cues.OFFERS_ANOTHER_TIME.search(self.agent_text))

    def _agrees_to_meet(self, said: _Heard) -> bool:
        same_day = not said.heard.has_day or said.heard.day == self.proposed.day
        same_time = not said.heard.has_time or said.heard.clock == self.proposed.clock
        agrees = said.accepts or cues.AVAILABLE.search(said.folded)
        return bool(agrees and same_day and same_time) and not cues.MENTIONS_CALL.search(said.folded)

    def _is_a_time_to_call(self, said: _Heard) -> bool:
        return (
            said.asks
            or self.reading.requested_at >= 0
            or bool(cues.AVAILABLE.search(said.folded))
            or bool(cues.BUSY.search(said.folded))
            or bool(cues.PRESENCE.search(said.folded))
            or bool(cues.ASKS_WHEN.search(self.agent_text))
            or len(said.folded.split()) <= 4
            or len(_WORD.findall(spell_out(said.folded))) <= 1
            or _says_only_when(said.folded)
        )

    def _is_indirect(self, said: _Heard) -> bool:
        if said.asks or not cues.PRESENCE.search(said.folded):
            return False
        asked = cues.ASKS_HOUR.search(self.agent_text) or cues.OFFERS_ANOTHER_TIME.search(self.agent_text)
        return not asked and not cues.PREFERS.search(said.folded)

    def _refuses(self, said: _Heard) -> bool:
        """Whether the turn declines the offer; "not now, but call me in May" and a closing "no, thanks" do not."""
        if optout_of(said.text).kind != "not_interested" and not cues.DECLINED.search(said.folded):
            return False
        names_interest = "interes" in said.folded
        if not names_interest:
            if cues.NOTHING_ELSE.search(self.agent_text):
                return False
            if self.reading.requested_at >= 0 and cues.NO_THANKS.match(said.folded):
                return False
        declined = cues.DECLINES.search(said.folded)
        requests = list(cues.REQUEST.finditer(said.folded))
        but_asks = (
            said.asks
            and declined
            and requests[-1].start() > declined.start()
            and (not said.heard.empty or cues.BUT.search(said.folded))
        )
        return not but_asks

    def _note_mood(self, said: _Heard) -> None:
        reading, folded = self.reading, said.folded
        reading.busy |= bool(cues.BUSY.search(folded))
        if cues.ASKS_GOOD_TIME.search(self.agent_text) and cues.SAYS_NO.search(folded):
            reading.busy = True
        reading.thinking |= bool(cues.THINKS.search(folded))
        reading.self_calls |= bool(cues.SELF_CALLS.search(folded))
        if cues.INTEREST.search(folded) and reading.refused_at != said.position:
            reading.interested, reading.refused_at = True, -1

    def _note_meeting(self, said: _Heard) -> None:
        reading, folded = self.reading, said.folded
        if cues.MEETING.search(self.agent_text) and not cues.MENTIONS_CALL.search(folded):
            self.meeting_talked_at = said.position  # another time for it is no request to be called then
        if cues.BOOKS.search(folded) and not cues.BOOKS_NOT.search(folded):
            self.pending_meeting, reading.meeting_at = True, said.position
        agrees = said.accepts or (cues.AVAILABLE.search(folded) and not said.rejects)
        booked = cues.BOOKED.search(self.agent_text)
        if cues.MEETING.search(self.agent_text) and agrees and reading.requested_at != said.position:
            if booked or not (self.proposed.empty and said.heard.empty):
                reading.meeting_at = said.position
            else:
                self.pending_meeting = True
        elif self.pending_meeting and reading.meeting_at < 0 and booked and not said.rejects:
            reading.meeting_at = said.position
        if cues.HAS_MEETING.search(folded):
            reading.meeting_at = said.position
        elif cues.CANCELS.search(folded):
            reading.meeting_at = -1

    def _note_digits(self, said: _Heard) -> None:
        """A phone number dictated over several turns."""
        self.digits = f"{self.digits} {said.text}" if cues.DIGITS_ONLY.match(said.folded) else ""
        if self.digits and self.reading.number is None:
            self.reading.number = find_phone_number(self.digits, self.region)
