"""A cell that cannot be taken, with the reason."""

from __future__ import annotations

from villagedesk.text import Text


class Unfit(Exception):
    """The cell does not hold what its column asks for. Never leaves the package: rows are refused by it."""

    def __init__(self, reason: Text) -> None:
        super().__init__(reason.source)
        self.reason = reason
