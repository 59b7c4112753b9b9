"""The Qt binding we are locked to keeps its references (docs/decisions/0003)."""

from __future__ import annotations

import sys

from PySide6.QtCore import QObject

CALLS = 3000  # an unsound binding aborts the whole process somewhere after 5,000


def test_calls_that_return_nothing_lose_no_reference_of_none():
    """PySide6 6.12.0 drops one reference of None a call on Python 3.10 and 3.11, and so aborts in mid-work."""
    watched = QObject()
    before = sys.getrefcount(None)
    for _ in range(CALLS):
        watched.setObjectName("x")
    assert before - sys.getrefcount(None) < CALLS // 10
