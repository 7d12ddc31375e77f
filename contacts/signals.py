"""What contacts tells the rooms above it. Receivers run inside the sender's transaction."""

from django.dispatch import Signal

# contacts_imported: location, actor, source (the file's name), form (OptInForm on which they agreed, or None), at
# (created_at of the contacts that are new), rows: list[contacts.importing.ImportedRow]. Sent per batch, inside the
# transaction that writes the contacts; compliance writes consent and "do not call" from it.
contacts_imported = Signal()
