"""Where a notice stands, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from villagedesk.text import tr

if TYPE_CHECKING:
    from villagedesk.services.notices import NoticeRow


def state_word(row: NoticeRow) -> str:
    """Where a notice stands, in words."""
    if row.open_objections:
        return tr("{n} {n:objection|objections} open", n=row.open_objections)
    if row.hangs:
        if row.standing:
            return tr("hangs for good")
        return tr("days over") if row.over else tr("day {n} of {days}", n=row.day, days=row.days)
    return row.state_title
