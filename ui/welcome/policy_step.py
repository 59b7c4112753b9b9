"""Set-up, step 2: under which policy the village works, each explained in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from ui import style
from ui.jobs import Jobs
from ui.page import card, label, scrolled
from villagedesk.text import say, tr
from villagedesk.values import Step, yuan

if TYPE_CHECKING:
    from villagedesk.policy.profile import Profile

_BY_PROVINCE = {"65": "xinjiang-2016", "61": "shangzhou-2020", "44": "guangdong-2016", "32": "jiangsu-2018"}


@dataclass(frozen=True)
class PolicyWords:
    """A policy pack as the set-up explains it."""

    id: str
    title: str
    lines: tuple[str, ...]


class PolicyStep(QWidget):
    """The list of policies and, beside it, what the chosen one means for the daily work."""

    changed = Signal()

    def __init__(self, jobs: Jobs, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._wanted = ""
        self._list = QListWidget()
        self._list.setAccessibleName(tr("Policies"))
        self._list.setFixedWidth(style.letters() * 20)
        self._list.setWordWrap(True)
        self._title = label("", "heading", wrap=True)
        self._lines = QLabel()
        self._lines.setWordWrap(True)
        self._lines.setTextFormat(Qt.TextFormat.PlainText)
        line = QHBoxLayout(self)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(self._list)
        column = QVBoxLayout()
        column.addWidget(self._title)
        column.addWidget(self._lines)
        line.addWidget(scrolled(card(column)), 1)
        self._list.currentItemChanged.connect(self._on_chosen)
        self.first = self._list
        jobs.papers(say("Reading the policies"), explain_all, self._on_read)

    @property
    def answer(self) -> str:
        """The id of the chosen policy."""
        words = self._chosen()
        return words.id if words else ""

    def enter(self) -> None:
        """Enter before the policies are read: nothing to choose yet."""
        self._list.setFocus()

    def propose(self, village: str) -> None:
        """Choose the policy that belongs to the province of the village code; the user may choose another."""
        self._wanted = _BY_PROVINCE.get(village[:2], "national-2018")
        self._choose()

    def _on_read(self, policies: Sequence[PolicyWords]) -> None:
        for words in policies:
            item = QListWidgetItem(words.title)
            item.setData(Qt.ItemDataRole.UserRole, words)
            self._list.addItem(item)
        self._choose()

    def _choose(self) -> None:
        for number in range(self._list.count()):
            if self._list.item(number).data(Qt.ItemDataRole.UserRole).id == self._wanted:
                self._list.setCurrentRow(number)

    def _chosen(self) -> PolicyWords | None:
        item = self._list.currentItem()
        words = item.data(Qt.ItemDataRole.UserRole) if item is not None else None
        return words if isinstance(words, PolicyWords) else None

    def _on_chosen(self) -> None:
        words = self._chosen()
        self._title.setText(words.title if words else "")
        self._lines.setText("\n\n".join(words.lines) if words else "")
        self.changed.emit()


def explain_all(_step: Step) -> tuple[PolicyWords, ...]:
    """Every policy that can be chosen, in words."""
    from villagedesk.policy.profile import load_profile, profiles

    return tuple(explain(load_profile(found.id)) for found in profiles() if not found.overlay)


def explain(profile: Profile) -> PolicyWords:
    """What a policy means for the daily work."""
    terms, income = profile.terms, profile.income
    lines = [
        tr(
            "The people it speaks of are called “{word}”, leaving is called “{exit}”.",
            word=terms.household,
            exit=terms.exit,
        )
    ]
    known = [tr("{year}: {amount} yuan", year=year, amount=yuan(fen)) for year, fen in sorted(income.lines.items())]
    lines.append(
        tr("Income is reckoned as {concept} a head.", concept=income.concept_word)
        + ("\n" + tr("Lines: {lines}.", lines="; ".join(known)) if known else "")
    )
    criteria = "\n".join(f"  •  {criterion.text}" for criterion in profile.household_exit.values())
    lines.append(tr("A household leaves when:") + "\n" + criteria)
    preset = profile.signoff.presets[profile.signoff.preset]
    signers = "、".join(role.title for role in preset.roles.values())
    lines.append(tr("Signed by: {signers}.", signers=signers))
    if profile.unconfirmed:
        lines.append(
            tr(
                "{n} {n:point is|points are} not settled by the documents; the township confirms them once.",
                n=len(profile.unconfirmed),
            )
        )
    return PolicyWords(profile.id, profile.title, tuple(lines))
