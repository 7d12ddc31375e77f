"""What telephony tells the rooms above it. Receivers run inside the sender's transaction."""

from django.dispatch import Signal

# account_resumed: account. A person mended a halted carrier account; its calls may go out again at once.
account_resumed = Signal()
