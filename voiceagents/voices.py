"""The voices an agent may speak with: provider and voice always go together, a wrong pair is silence (error 64101)."""

from typing import NamedTuple


class Voice(NamedTuple):
    """value is stored on the agent as "<provider>:<voice>"; language is a BCP 47 tag."""

    provider: str
    voice: str
    language: str
    label: str

    @property
    def value(self) -> str:
        return f"{self.provider}:{self.voice}"


VOICES = [
    Voice("Google", "en-US-Neural2-F", "en-US", "Fiona, US English (Google)"),
    Voice("Google", "en-US-Neural2-D", "en-US", "Daniel, US English (Google)"),
    Voice("Google", "en-US-Neural2-J", "en-US", "James, US English (Google)"),
    Voice("Google", "en-US-Neural2-C", "en-US", "Clara, US English (Google)"),
    Voice("Amazon", "Joanna-Neural", "en-US", "Joanna, US English (Amazon)"),
    Voice("Amazon", "Matthew-Neural", "en-US", "Matthew, US English (Amazon)"),
    Voice("Google", "en-GB-Neural2-A", "en-GB", "Alice, British English (Google)"),
    Voice("Google", "en-GB-Neural2-B", "en-GB", "Benjamin, British English (Google)"),
    Voice("Amazon", "Amy-Neural", "en-GB", "Amy, British English (Amazon)"),
    Voice("Google", "en-AU-Neural2-A", "en-AU", "Ada, Australian English (Google)"),
    Voice("Amazon", "Olivia-Neural", "en-AU", "Olivia, Australian English (Amazon)"),
    Voice("Google", "es-US-Neural2-A", "es-US", "Ana, US Spanish (Google)"),
    Voice("Google", "es-US-Neural2-B", "es-US", "Bruno, US Spanish (Google)"),
    Voice("Amazon", "Lupe-Neural", "es-US", "Lupe, US Spanish (Amazon)"),
    Voice("Google", "es-ES-Neural2-A", "es-ES", "Alba, Spanish of Spain (Google)"),
    Voice("Google", "es-ES-Neural2-B", "es-ES", "Borja, Spanish of Spain (Google)"),
    Voice("Amazon", "Lucia-Neural", "es-ES", "Lucía, Spanish of Spain (Amazon)"),
    Voice("Amazon", "Mia-Neural", "es-MX", "Mía, Mexican Spanish (Amazon)"),
]
_BY_VALUE = {voice.value: voice for voice in VOICES}
CHOICES = [(voice.value, voice.label) for voice in VOICES]
LANGUAGES = [
    ("en-US", "English (US)"),
    ("en-GB", "English (UK)"),
    ("en-AU", "English (Australia)"),
    ("es-US", "Spanish (US)"),
    ("es-ES", "Spanish (Spain)"),
    ("es-MX", "Spanish (Mexico)"),
]
OTHER = {"en": "es", "es": "en"}


def voice_for(value: str, language: str) -> Voice:
    """The chosen voice if it speaks `language` ("es", "es-MX"), else the first that speaks it exactly, else nearly."""
    chosen = _BY_VALUE.get(value)
    if chosen and chosen.language[:2] == language[:2]:
        return chosen
    for exact in (language, language[:2]):
        for voice in VOICES:
            if voice.language.startswith(exact):
                return voice
    return VOICES[0]
