"""A recording one can play: tones that stand for two people talking in turn, as long as the call was."""

from __future__ import annotations

import array
import hashlib
import io
import math
import sys
import wave
from functools import lru_cache

RATE = 8000  # samples a second, 16 bits, as a phone line
LONGEST = 4 * 3600


@lru_cache(maxsize=16)
def wav(sid: str, seconds: int, channels: int) -> bytes:
    """A PCM WAV of that many seconds; the same recording always sounds the same."""
    seed = hashlib.md5(sid.encode(), usedforsecurity=False).digest()
    agent, caller = 220 + seed[0] % 40, 330 + seed[1] % 60
    silence = array.array("h", bytes(2 * RATE))
    out = io.BytesIO()
    with wave.open(out, "wb") as file:
        file.setnchannels(channels)
        file.setsampwidth(2)
        file.setframerate(RATE)
        for second in range(min(seconds, LONGEST)):
            agent_speaks = second // 3 % 2 == 0
            left = _tone(agent) if agent_speaks else silence
            right = silence if agent_speaks else _tone(caller)
            file.writeframesraw(_frames(left, right, channels))
    return out.getvalue()


def _frames(left: array.array[int], right: array.array[int], channels: int) -> bytes:
    if channels == 2:
        both = array.array("h", bytes(4 * RATE))
        both[0::2], both[1::2] = left, right
    else:
        both = array.array("h", (a + b for a, b in zip(left, right, strict=True)))
    if sys.byteorder == "big":
        both.byteswap()
    return both.tobytes()


@lru_cache(maxsize=64)
def _tone(frequency: int) -> array.array[int]:
    """One second of a tone that swells like a syllable, four times."""
    samples = array.array("h", bytes(2 * RATE))
    for n in range(RATE):
        loudness = 6000 * math.sin(math.pi * (n * 4 % RATE) / RATE)
        samples[n] = round(loudness * math.sin(2 * math.pi * frequency * n / RATE))
    return samples
