"""A drain of the pacing benchmark: works whoever else does, so that two of them share the locations.

python -m benchmarks.one_drain SECONDS
"""

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from dialer import baton, drain  # noqa: E402

if __name__ == "__main__":
    # The newest drain works and the one before it stands by, for economy; here both are to work.
    drain.baton.duty = lambda epoch: baton.Duty.WORK  # type: ignore[attr-defined,assignment]
    drain.run(budget_seconds=float(sys.argv[1]))
