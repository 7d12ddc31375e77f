"""What compliance tells the rooms above it. Receivers run inside the sender's transaction, so all or nothing holds."""

from django.dispatch import Signal

# number_blocked: organization, causes {phone: words for the log}, actor. Every waiting call to the numbers is canceled.
number_blocked = Signal()

# emergency_lifted: organization, at. Calls that an emergency put off are decided again.
emergency_lifted = Signal()
