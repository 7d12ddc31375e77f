"""How much of the agent's speech has been heard."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sandbox.playback import Playback


@given(
    st.lists(st.text("abc .", min_size=1, max_size=9), min_size=1, max_size=9), st.floats(0, 1e5), st.data()
)
def test_what_is_heard_at_an_instant_is_what_the_instant_was_asked_for(tokens, now, data):
    playback = Playback()
    for token in tokens:
        playback.add(token, now)
    characters = data.draw(st.integers(1, len("".join(tokens))))
    assert playback.heard(playback.when_heard(characters)) == "".join(tokens)[:characters]
    assert playback.purge(playback.end) == "".join(tokens)
    assert playback.is_empty
