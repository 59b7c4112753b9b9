"""Cycles that nobody holds any more are looked for while nobody waits for the window.

Left to itself Python walks now and then through everything that lives. With the pages of 1,500 households open that
took 0.1 to 0.3 s, at whatever click and in whatever thread it fell, and found next to nothing: almost all goes by
itself when its last holder lets go. What is young is looked at as ever, which costs a few milliseconds.
"""

from __future__ import annotations

import gc

_USUAL = gc.get_threshold()
_NEVER = 1_000_000_000


def leave_the_old() -> None:
    """From now on what has lived for a while is looked at by :func:`sweep` alone."""
    gc.set_threshold(*_USUAL[:2], _NEVER)


def as_ever() -> None:
    """The window is closed: Python looks when it likes again."""
    gc.set_threshold(*_USUAL)


def sweep() -> None:
    """Look through everything that came since the imports."""
    gc.collect()
