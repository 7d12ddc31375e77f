"""The guided brain: holds any conversation of ours without a model. Deterministic: same words, same answers.

What was heard is read in this order: silence, voicemail and call screening, the wish to be left alone, what the agent
had just asked, and only then everything else; a question in between is answered and the asked thing asked again. The
plan of a call is: purpose → booking (if it may) → the asked fields → anything else → goodbye.

memory: "stage" (what was asked last), "agenda" (what is still to do), counters. It is plain JSON.
"""

from collections.abc import AsyncGenerator, Generator, Iterator
from typing import Any

from compliance.optout import detect_optout
from voiceagents.brains import HangUp, Language, Piece, State, StopCalling, Transfer, slots, times
from voiceagents.brains.answers import answer
from voiceagents.brains.intents import Intent, agrees, intent_of, language_heard
from voiceagents.brains.lines import FIELD_NAMES, LINES, choose
from voiceagents.opening import clean, line, our_number, our_page
from voiceagents.understanding.numbers import find_phone_number

MOST_UNCLEAR = 2
MOST_SILENT = 2
MOST_TRIES = 2  # for one asked field
_ENDING_INTENTS = ("wrong_person", "abuse")


class GuidedBrain:
    """seed: varies the wording from call to call, and not within a rerun of the same call."""

    def __init__(self, seed: str = "") -> None:
        self.seed = seed

    async def begin(self) -> None:
        """It needs nothing."""

    async def reply(self, heard: str, state: State) -> AsyncGenerator[Piece]:
        for piece in _Turn(self.seed, heard, state).pieces():
            yield piece


class _Turn:
    """One answer. Methods yield pieces; `say` puts sentences together with single spaces."""

    def __init__(self, seed: str, heard: str, state: State) -> None:
        self.state = state
        self.heard = heard
        self.memory = state.memory
        self.agent: dict[str, Any] = state.brief.get("agent") or {}
        self.contact: dict[str, Any] = state.brief.get("contact") or {}
        self.abilities = set(self.agent.get("abilities") or [])
        self.seed = f"{seed}:{sum(turn.speaker == 'contact' for turn in state.turns)}"
        self.memory.setdefault("stage", "opened")
        if "agenda" not in self.memory:
            self.memory["agenda"] = self._agenda()

    # -- the order of things

    def pieces(self) -> Iterator[Piece]:
        if not self.heard:
            yield from self._silence()
            return
        self.memory["silent"] = 0
        intent = intent_of(self.heard)
        language = (
            "es" if intent == "spanish" else language_heard(self.heard, self.memory.get("heard_language", ""))
        )
        if language and language != self.state.language:
            self.state.language = language
            yield Language(language)
        yield from self._answer(intent)

    def _answer(self, intent: Intent) -> Iterator[Piece]:
        stage = self.memory["stage"]
        if intent == "voicemail" and self._early():
            yield HangUp("voicemail")
            return
        wish = self.state.wish or detect_optout(self.heard, "voice", self.state.language)
        if wish.stop_calling:
            yield StopCalling(self.heard, wish.blacklist_risk or "high")
        elif intent == "screening":
            yield self.line("screening", purpose=self._purpose())
        elif intent == "hold":
            self.memory["stage"] = stage if stage != "opened" else "opened"
        elif wish.kind == "not_interested":
            self.state.results["not_interested"] = self.heard[:300]
            yield from self._goodbye("not interested", self.line("not_interested"))
        elif intent in _ENDING_INTENTS:
            yield from self._goodbye(intent.replace("_", " "), self.line(intent))
        elif intent == "robot":
            yield from self._aside(self.line("robot"))
        elif intent == "online":
            yield from self._aside(our_page(self.state.brief, self.state.language))
        elif intent == "source":
            yield from self._aside(self.line("source"))
        elif intent == "who":
            self.memory["purpose_said"] = True
            name = clean(self.agent.get("name"), 40) or "Ava"
            yield from self._aside(self.line("who", name=name, purpose=self._purpose()))
        elif intent == "transfer":
            yield from self._transfer()
        elif intent == "repeat":
            yield self._repeat()
        else:
            yield from self._in_stage(stage, intent)

    def _in_stage(self, stage: str, intent: Intent) -> Iterator[Piece]:
        """What was asked last comes first; what does not answer it is heard for itself."""
        kind, _, detail = stage.partition(":")
        if kind in ("confirm_booking", "confirm_callback"):
            yield from self._confirm(kind, intent)
            return
        if intent == "colleague" or stage == "colleague":
            yield from self._colleague(stage)
            return
        if intent == "callback" and kind not in ("booking", "message"):
            yield from self._callback()
            return
        if kind == "callback":
            yield from self._callback()
            return
        if kind == "booking" and (when := self._time()) is not None:
            yield from self._booking(when)
            return
        if intent == "callback" and kind != "message":
            yield from self._callback()
            return
        if kind == "message" and intent != "bye":
            yield from self._message(intent)
            return
        if kind == "field" and intent not in ("bye", "book", "message"):
            yield from self._field(detail, intent)
            return
        if kind == "offer_message" and (yield from self._offered(intent)):
            return
        if intent == "reschedule":
            yield from self._ask_message()
        elif intent == "message":
            yield from self._take_or_ask_message()
        elif "book" in self.abilities and (
            intent == "book" or (kind == "opened" and self._time() is not None)
        ):
            yield from self._booking(self._time())
        elif intent == "question":
            yield from self._question()
        elif kind == "anything_else" and intent in ("no", "bye", "none", "yes"):
            if intent == "yes":
                yield self.line("offer")
            elif intent == "none":
                yield from self._question(unclear=True)
            else:
                yield from self._goodbye("finished")
        elif intent == "bye":
            yield from self._goodbye("the contact said goodbye")
        elif intent == "no":
            yield from self._declined(kind)
        elif kind == "booking" and intent == "none":
            yield from self._unclear()
        elif intent == "none" and kind != "opened":
            yield from self._question(unclear=True)
        elif intent == "none" and answer(self.heard, self._details()):
            yield from self._question()
        else:
            yield self._next()

    # -- the plan

    def _agenda(self) -> list[str]:
        agenda = ["booking"] if "book" in self.abilities and "booking" not in self.state.results else []
        for question in self.agent.get("questions") or []:
            name = str(question.get("field", "")) if isinstance(question, dict) else ""
            if name and not self._known(name):
                agenda.append(f"field:{name}")
        return agenda

    def _known(self, name: str) -> bool:
        if name in self.state.results.get("fields", {}):
            return True
        if name.startswith("fields."):
            return bool((self.contact.get("fields") or {}).get(name.removeprefix("fields.")))
        return bool(self.contact.get(name)) and name != "phone"

    def _next(self, before: str = "") -> str:
        """Say `before`, then go to the next thing on the agenda and ask for it."""
        parts = [before]
        if not self.memory.get("purpose_said"):
            self.memory["purpose_said"] = True
            parts.append(self._purpose())
        agenda = self.memory["agenda"]
        if agenda:
            self.memory["stage"] = agenda[0]
        elif self.memory["stage"] == "opened":
            self.memory["stage"] = "anything_else"
            parts.append(self.line("offer"))
            return self.say(*parts)
        else:
            self.memory["stage"] = "anything_else"
        parts.append(self._ask())
        return self.say(*parts)

    def _ask(self) -> str:
        """The question of the present stage."""
        kind, _, detail = self.memory["stage"].partition(":")
        if kind == "booking":
            return self.line("ask_time")
        if kind == "field":
            return self._question_for(detail)
        if kind in ("confirm_booking", "confirm_callback"):
            return self.line(kind, when=self._pending(kind))
        if kind == "message":
            return self.line("ask_message")
        if kind == "callback":
            return self.line("ask_callback")
        if kind == "colleague":
            return self.line("ask_colleague")
        if kind == "opened":
            return self.line("offer")
        return self.line("anything_else")

    def _question_for(self, name: str) -> str:
        for question in self.agent.get("questions") or []:
            if isinstance(question, dict) and question.get("field") == name:
                asked = clean(question.get("ask"), 200)
                if asked and self._is_spoken(asked):
                    return asked
        shown = FIELD_NAMES[self.state.language].get(name) or clean(
            name.removeprefix("fields.").replace("_", " "), 40
        )
        return self.line("ask_field", field=shown)

    def _done(self, step: str) -> None:
        self.memory["agenda"] = [item for item in self.memory["agenda"] if item != step]

    def _aside(self, text: str) -> Iterator[Piece]:
        """Say something in between, then ask again what was asked."""
        if self.memory["stage"] == "opened":
            yield self._next(text)
        else:
            yield self.say(text, self._ask())

    # -- booking, callbacks, messages

    def _time(self) -> "times.When | None":
        return times.heard(
            self.heard,
            self.state.now(),
            self.state.brief.get("zone") or "UTC",
            self.state.language,
            self.memory.get("partial_day"),
        )

    def _booking(self, when: "times.When | None") -> Iterator[Piece]:
        self.memory["purpose_said"] = True
        if "booking" not in self.memory["agenda"]:
            self.memory["agenda"].insert(0, "booking")
        self.memory["stage"] = "booking"
        if when is None:
            yield self.line("ask_time")
        elif when.at is None:
            self.memory["partial_day"] = when.day_iso
            yield self.line("ask_hour", day=when.spoken_day(self.state.language))
        else:
            yield from self._propose("booking", when)

    def _propose(self, what: str, when: "times.When") -> Iterator[Piece]:
        self.memory.pop("partial_day", None)
        self.memory[what] = {
            "at": when.at.isoformat() if when.at else None,
            "said": self.heard[:300],
            "spoken": {code: when.spoken(code) for code in ("en", "es")},
        }
        self.memory["stage"] = f"confirm_{what}"
        yield self._ask()

    def _pending(self, kind: str) -> str:
        return self.memory[kind.removeprefix("confirm_")]["spoken"][self.state.language]

    def _confirm(self, kind: str, intent: Intent) -> Iterator[Piece]:
        what = kind.removeprefix("confirm_")
        agreed = agrees(self.heard)
        when = self._time()
        if agreed is not True and when is not None and when.at is not None:
            if when.at.isoformat() != self.memory[what]["at"]:
                yield from self._propose(what, when)
                return
            agreed = True
        if agreed is None and intent in ("bye",):
            agreed = True
        if agreed is True:
            pending = self.memory.pop(what)
            self.state.results[what] = {"at": pending["at"], "said": pending["said"]}
            self._done(what)
            spoken = pending["spoken"][self.state.language]
            if what == "callback":
                yield from self._goodbye("callback agreed", self.line("callback_noted", when=spoken))
            elif intent == "bye":
                yield from self._goodbye("booked", self.line("booked", when=spoken))
            else:
                yield self._next(self.line("booked", when=spoken))
        elif agreed is False:
            self.memory.pop(what, None)
            self.memory["stage"] = what
            yield self.line("rebook") if what == "booking" else self.line("ask_callback")
        elif intent == "question":
            yield from self._question()
        else:
            yield from self._unclear()

    def _callback(self) -> Iterator[Piece]:
        if "callback" not in self.abilities and self.memory["stage"] != "callback":
            self.state.results["callback"] = times.agreed(None, self.heard)
            yield from self._goodbye("asked to be called later", self.line("callback_vague"))
            return
        when = self._time()
        if when is not None and when.at is not None:
            yield from self._propose("callback", when)
        elif when is not None and when.until is not None:
            self.state.results["callback"] = times.agreed(when, self.heard)
            spoken = when.spoken(self.state.language)
            yield from self._goodbye("callback agreed", self.line("callback_noted", when=spoken))
        elif self.memory.get("callback_asked"):
            self.state.results["callback"] = times.agreed(None, self.memory["callback_said"])
            yield from self._goodbye("asked to be called later", self.line("callback_vague"))
        else:
            self.memory["callback_asked"] = True
            self.memory["callback_said"] = self.heard
            self.memory["stage"] = "callback"
            yield self.line("ask_callback")

    def _ask_message(self) -> Iterator[Piece]:
        self.memory["stage"] = "message"
        yield self.line("ask_message")

    def _take_or_ask_message(self) -> Iterator[Piece]:
        """ "Can I leave a message?" is asked back; "tell them that I'll be late" is the message itself."""
        if len(self.heard.split()) > 7:
            yield from self._message("none")
        else:
            yield from self._ask_message()

    def _message(self, intent: Intent) -> Iterator[Piece]:
        if intent == "no":
            yield self._next()
            return
        if intent in ("yes", "greeting") and len(self.heard.split()) < 4:
            yield from self._ask_message()
            return
        messages = self.state.results.setdefault("message", {"text": ""})
        messages["text"] = f"{messages['text']} {self.heard[:1000]}".strip()[:4000]
        self.memory["stage"] = "anything_else"
        self.memory["agenda"] = []
        yield self.say(self.line("message_taken"), self._ask())

    def _offered(self, intent: Intent) -> Generator[Piece, None, bool]:
        """After "a message, or a call back?"; returns whether that was an answer."""
        if intent in ("yes", "message"):
            yield from self._take_or_ask_message()
        elif intent == "no":
            yield from self._goodbye("nothing more")
        elif intent == "none":
            yield from self._message(intent)
        else:
            return False
        return True

    def _colleague(self, stage: str) -> Iterator[Piece]:
        region = times.region_of(self.state.brief)
        number = find_phone_number(self.heard, region)
        known = self.state.results.setdefault("referral", {"said": "", "phone": ""})
        known["said"] = f"{known['said']} {self.heard[:500]}".strip()[:1000]
        if number:
            known["phone"] = number
            yield from self._goodbye(
                "referred to somebody else", self.line("colleague", number=_digits(number))
            )
        elif stage == "colleague":
            yield from self._goodbye("referred to somebody else", self.line("colleague_unknown"))
        else:
            self.memory["stage"] = "colleague"
            yield self.line("ask_colleague")

    def _transfer(self) -> Iterator[Piece]:
        if "transfer" in self.abilities and self.agent.get("transfer_number"):
            self.state.results["transfer"] = {"said": self.heard[:300]}
            yield self.line("transfer")
            yield Transfer("the contact asked for a person")
            return
        self.memory["stage"] = "offer_message"
        yield self.line("no_transfer")

    # -- asked fields

    def _field(self, name: str, intent: Intent) -> Iterator[Piece]:
        value = self._read(name)
        tries = self.memory.setdefault("tries", {})
        if value is not None:
            self.state.results.setdefault("fields", {})[name] = value
            self._done(f"field:{name}")
            yield self._next(self.line("thanks"))
        elif intent == "question":
            yield from self._question()
        elif intent == "no" or tries.get(name, 0) >= MOST_TRIES:
            self._done(f"field:{name}")
            yield self._next(self.line("skip"))
        else:
            tries[name] = tries.get(name, 0) + 1
            kind = "email" if name == "email" else "phone" if "phone" in name else ""
            yield self.line(f"invalid_{kind}" if kind else "invalid")

    def _read(self, name: str) -> str | None:
        if name == "email" or name.endswith("email"):
            return slots.email(self.heard)
        if "phone" in name:
            return find_phone_number(self.heard, times.region_of(self.state.brief))
        if name in ("first_name", "last_name"):
            return slots.name(self.heard)
        if agrees(self.heard) is False and len(self.heard.split()) < 3:
            return None
        return slots.free(self.heard) if "?" not in self.heard else None

    # -- answers, misunderstandings, silence, the end

    def _details(self) -> str:
        return str(self.agent.get("business_details") or "")

    def _question(self, *, unclear: bool = False) -> Iterator[Piece]:
        found = answer(self.heard, self._details())
        if found is not None:
            self.memory["unclear"] = 0
            yield from self._aside(clean(found.text, 600))
        elif unclear:
            yield from self._unclear()
        else:
            if "message" in self.abilities and self.memory["stage"] in ("opened", "anything_else"):
                self.state.results.setdefault("questions", []).append(self.heard[:300])
            yield from self._aside(self.line("unknown_answer"))

    def _unclear(self) -> Iterator[Piece]:
        unclear = self.memory["unclear"] = self.memory.get("unclear", 0) + 1
        if unclear <= MOST_UNCLEAR:
            yield self.line("unclear", ask=self._ask())
        elif self.memory["stage"] != "offer_message":
            self.memory["stage"] = "offer_message"
            yield self.line("offer_message")
        else:
            yield from self._goodbye("not understood", self.line("callback_vague"))

    def _declined(self, kind: str) -> Iterator[Piece]:
        """ "No" to what was offered: the next thing, or goodbye when nothing is left."""
        if kind == "opened":
            yield from self._callback()
            return
        self._done(kind)
        if not self.memory["agenda"] or kind in ("booking", "offer_message"):
            yield from self._goodbye("declined", self.line("not_interested"))
        else:
            yield self._next(self.line("skip"))

    def _repeat(self) -> str:
        agent = [turn.text for turn in self.state.turns if turn.speaker == "agent" and turn.text]
        if len(agent) <= 1:
            return self.say(self.line("who", name=clean(self.agent.get("name"), 40), purpose=self._purpose()))
        return self._ask() if len(agent[-1]) > 400 else agent[-1]

    def _silence(self) -> Iterator[Piece]:
        silent = self.memory["silent"] = self.memory.get("silent", 0) + 1
        if silent <= MOST_SILENT:
            yield LINES["silent"][self.state.language][silent - 1]
        else:
            yield from self._goodbye("silence", self.line("silent_end"))

    def _goodbye(self, reason: str, before: str = "") -> Iterator[Piece]:
        number = "" if self.memory.get("number_said") else our_number(self.state.brief, self.state.language)
        self.memory["number_said"] = True
        self.memory["stage"] = "closed"
        yield self.say(before, number, self.line("goodbye"))
        yield HangUp(reason)

    def _purpose(self) -> str:
        goal = clean(str(self.agent.get("goals") or "").split("\n")[0].split(". ")[0], 240).rstrip(".")
        if goal and self._is_spoken(goal):
            return self.line("purpose", goal=goal[:1].lower() + goal[1:] if goal[1:2].islower() else goal)
        return self.line("purpose_book" if "book" in self.abilities else "purpose_plain")

    def _is_spoken(self, written: str) -> bool:
        """Whether words of the agent's author are in the language spoken now (theirs is the agent's, if unclear)."""
        return (language_heard(written) or str(self.agent.get("language") or "en")[:2]) == self.state.language

    def _early(self) -> bool:
        return sum(turn.speaker == "contact" for turn in self.state.turns) <= 2

    def line(self, key: str, **values: str) -> str:
        return choose(key, self.state.language, self.seed, business=line_business(self.state), **values)

    @staticmethod
    def say(*parts: str) -> str:
        return " ".join(part for part in parts if part)


def line_business(state: State) -> str:
    name = clean((state.brief.get("agent") or {}).get("business_name"))
    return name or line("business", state.brief, state.language)


def _digits(number: str) -> str:
    return " ".join(number.lstrip("+").removeprefix("1") if number.startswith("+1") else number.lstrip("+"))
