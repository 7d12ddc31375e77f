"""A drain of the benchmarks, in a process of its own.

python -m benchmarks.one_drain SECONDS [--baton]

It works whoever else does, so that two of them share the locations; with --baton the newest works, as in the product.
"""

import os
import sys

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
django.setup()

from dialer import baton, drain  # noqa: E402

if __name__ == "__main__":
    if "--baton" not in sys.argv:
        drain.baton.duty = lambda epoch: baton.Duty.WORK  # type: ignore[attr-defined,assignment]
    drain.run(budget_seconds=float(sys.argv[1]))
