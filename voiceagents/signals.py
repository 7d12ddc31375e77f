"""What conversations tell the rooms above them."""

from django.dispatch import Signal

# conversation_ended: conversation. Sent after its last turn and its results are stored.
conversation_ended = Signal()
