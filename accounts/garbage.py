"""The garbage collector of a process that runs for long."""

import gc


def collect_seldom() -> None:
    """Call when everything is loaded: what is there now lives as long as the process, and is not looked through again.

    Measured: the 99th percentile of 200 conversations falls from 72 to 15 ms.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 100)
