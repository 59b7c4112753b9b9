"""The look back (回头看) at a finished exit: each criterion then and now, and what the record said otherwise."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtWidgets import QGridLayout, QVBoxLayout, QWidget

from ui import style
from ui.page import button, card, label, row
from villagedesk.text import say, tr

if TYPE_CHECKING:
    from villagedesk.services.frozen import Altered
    from villagedesk.services.lookback import LookBackResult, Recheck

_SIGNS = {"met": "ok", "unmet": "problem", "unknown": "warn"}


def look_back_cards(found: LookBackResult, print_sheet: Callable[[], object]) -> tuple[QWidget, ...]:
    """What a second look at an exit finds; ``print_sheet`` makes the sheet that is taken to the household."""
    words, tone = _verdict(found)
    said = label(words, tone=tone, wrap=True)
    lines = QGridLayout()
    lines.setHorizontalSpacing(style.letters())
    for place, title in enumerate((tr("Criterion"), tr("Then"), tr("Now"))):
        lines.addWidget(label(title, "label"), 0, place)
    for number, each in enumerate(found.criteria):
        _criterion(lines, 1 + 2 * number, each)
    lines.setColumnStretch(0, 1)
    sheet = button(say("Print the look-back sheet"), "print", print_sheet, kind="link")
    made = card(said, label(_source(found), "hint", wrap=True), lines, row(sheet), heading=tr("Look back"))
    return (made, _altered(found.altered)) if found.altered else (made,)


def _criterion(lines: QGridLayout, number: int, each: Recheck) -> None:
    lines.addWidget(label(each.criterion, wrap=True), number, 0)
    then = label(_result(each.then), tone=_SIGNS.get(each.then, ""), badge=True)
    now = label(_result(each.now), tone=_SIGNS[each.now], badge=True)
    lines.addWidget(then, number, 1)
    lines.addWidget(now, number, 2)
    if each.now != "met":
        lines.addWidget(label(str(each.because), "hint", wrap=True), number + 1, 0, 1, 3)


def _altered(altered: tuple[Altered, ...]) -> QWidget:
    column = QVBoxLayout()
    for each in altered:
        then, now = each.then.strip() or "—", each.now.strip() or "—"
        column.addWidget(label(each.field, "label"))
        column.addWidget(label(tr("{then} → {now}", then=then, now=now), wrap=True))
    return card(column, heading=tr("What the record of that time said otherwise"))


def _result(word: str) -> str:
    return {"met": tr("met"), "unmet": tr("not met"), "unknown": tr("not known")}.get(word, tr("not on record"))


def _source(found: LookBackResult) -> str:
    if found.record_on is None:
        return tr("Marked on {day}. No exit record was printed by then: what was found at the door counts.",
                  day=found.marked_on.isoformat())  # fmt: skip
    return tr("Marked on {day}. Then: as the exit record of {printed} says.", day=found.marked_on.isoformat(),
              printed=found.record_on.isoformat())  # fmt: skip


def _verdict(found: LookBackResult) -> tuple[str, str]:
    if found.holds:
        return tr("By the data of {year} every criterion is still met.", year=found.year), "ok"
    if any(each.now == "unmet" for each in found.criteria):
        return tr("By the data of {year} not every criterion is met. Visit the household.", year=found.year), "problem"
    said = tr("By the data of {year} not every criterion can be told. Visit the household.", year=found.year)
    return said, "warn"
