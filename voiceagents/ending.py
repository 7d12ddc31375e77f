"""Ending a call without cutting the goodbye."""

import re
from collections.abc import Callable

_WORD = re.compile(r"\w+")


class Ending:
    """Waits for the last words to be heard: the carrier purges what it has not spoken when a session ends."""

    def __init__(self, said: str, over: Callable[[], None]) -> None:
        self.over = over
        self._last_words = letters(said)[-12:]
        self._spoken = ""
        self._heard_whole = False

    def info(self, name: object, value: object) -> None:
        if name == "tokensPlayed" and isinstance(value, str):
            self._spoken = (self._spoken + letters(value))[-400:]
            self._heard_whole = self._heard_whole or self._last_words in self._spoken
        elif name == "agentSpeaking" and value == "off" and self._heard_whole:
            self.over()

    def cancel(self) -> None:
        self.over = lambda: None


def letters(text: str) -> str:
    """The text without case, spaces and punctuation: the carrier reports what was spoken in its own spelling."""
    return "".join(_WORD.findall(text.lower()))
