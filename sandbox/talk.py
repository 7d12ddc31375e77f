"""How a persona talks: what the agent said goes in, what the person answers comes out. No time, no network."""

from __future__ import annotations

from dataclasses import dataclass

from sandbox.personas import Persona, Step

ANSWERS_AT_ONCE = 2  # a person answers two questions of one breath, not five
TURNS = 40  # whatever happens, nobody talks for ever


@dataclass(frozen=True, slots=True)
class Reply:
    text: str
    digits: str = ""
    delay: float = 0.4
    hang_up: bool = False


class Talk:
    """One persona in one call."""

    def __init__(self, persona: Persona) -> None:
        self.persona = persona
        self._used: dict[int, int] = {}  # id of a step -> times
        self._named: set[str] = set()
        self._turns = 0

    def reply(self, heard: str) -> Reply | None:
        """The answer to a finished turn of the agent; None when the person goes on listening."""
        if self.persona.answer != "human":
            return None
        self._turns += 1
        if self._turns > TURNS:
            return Reply("I have to go now. Bye.", hang_up=True)
        for step in self.persona.steps:
            if not step.interrupt and self._fits(step, heard):
                return self._use(step)
        matching = [step for step in self.persona.common if self._fits(step, heard)]
        if matching:
            answers = [self._use(step) for step in matching[: 1 if matching[0].hang_up else ANSWERS_AT_ONCE]]
            return Reply(
                " ".join(answer.text for answer in answers if answer.text),
                "".join(answer.digits for answer in answers),
                answers[0].delay,
                any(answer.hang_up for answer in answers),
            )
        if self.persona.listening and self.persona.listening.search(heard):
            return None
        return self._spend(self.persona.fallback)

    def interruption(self) -> Step | None:
        """The step with which the person will cut into what the agent is saying now."""
        for step in self.persona.steps:
            if step.interrupt and self._fits(step, ""):
                return step
        return None

    def interrupt(self, step: Step) -> Reply:
        return self._use(step)

    def silence(self) -> Reply | None:
        """What the person says into a long silence of the agent; hanging up when tired of asking."""
        if self.persona.answer != "human":
            return Reply("", hang_up=True)  # A mailbox stops recording.
        return self._spend(self.persona.silence)

    def _spend(self, step: Step) -> Reply | None:
        """Use a step that may run out: then the person hangs up (a step with no words never runs out)."""
        if not step.say and not step.digits and not step.hang_up:
            return None
        if self._used.get(id(step), 0) >= step.times:
            return Reply("", delay=step.delay, hang_up=True)
        return self._use(step)

    def _fits(self, step: Step, heard: str) -> bool:
        if self._used.get(id(step), 0) >= step.times:
            return False
        if step.after and step.after not in self._named:
            return False
        return step.when is None or step.when.search(heard) is not None

    def _use(self, step: Step) -> Reply:
        used = self._used.get(id(step), 0)
        self._used[id(step)] = used + 1
        if step.name:
            self._named.add(step.name)
        text = step.say[min(used, len(step.say) - 1)] if step.say else ""
        return Reply(text, step.digits, step.delay, step.hang_up)
