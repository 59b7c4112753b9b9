"""One visit written down in under a minute: day, visitor and companion stay from one home to the next."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui.asking import Deed
from ui.binding import Binder
from ui.context import Context
from ui.fields.choices import CodeField, Option
from ui.fields.editor import NextOnEnter
from ui.fields.lines import NoteField, date_field, text_field
from ui.forms import attempt, bound
from ui.page import button, card, label, row
from villagedesk.drafts.team import VisitDraft
from villagedesk.errors import VillageDeskError
from villagedesk.text import say, tr
from villagedesk.values import Step, each_told

if TYPE_CHECKING:
    from villagedesk.desk import Desk
    from villagedesk.store.lists import HouseholdRow

_PICTURES = "JPEG, PNG (*.jpg *.jpeg *.png)"


class VisitEntry(QWidget):
    """The form of one visit. ``saved`` carries the change."""

    saved = Signal(object)

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._photos: list[Path] = []
        self._deed = Deed(context, self)
        self.household = CodeField(())
        self.binder: Binder[VisitDraft] = Binder(self._blank(), lambda _: (), self)
        self._rule = CodeField([Option(key, f"{each.who}：{each.what}") for key, each in self._rules.items()])
        self._heard = NoteField(3)
        self._photo_note = label("", "hint", wrap=True)
        self._save = button(say("Save the visit"), "save", self.save, kind="primary", key="Ctrl+S")
        self._fresh = button(say("Clear"), "close", self.clear)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._form())
        column.addStretch(1)
        self._tell_photos()
        self._enter = NextOnEnter(self)
        self._enter.watch(self)

    @property
    def _rules(self) -> Any:
        return self._context.desk.visits.rules()

    def offer(self, households: Sequence[HouseholdRow]) -> None:
        """The households to choose from, found by typing initials."""
        self.household.offer([Option(home.id, f"{home.head}  {home.group}") for home in households])

    def begin(self, household_id: str = "", rule: str = "") -> None:
        """A new visit to this household, or by those of a rule to the village."""
        if not self.binder.modified:
            self.binder.load(replace(self._carried(), household_id=household_id, rule=rule))
            (self._heard if household_id or rule else self.household).setFocus()

    def correct(self, visit: VisitDraft) -> None:
        """Correct an entry."""
        self._photos.clear()
        self.binder.load(visit)
        self._tell_photos()
        self._heard.setFocus()

    def clear(self) -> None:
        """Empty the form; day and people stay."""
        self._photos.clear()
        self.binder.load(self._carried())
        self._tell_photos()

    def save(self) -> bool:
        """Save the visit with its pictures; the form is ready for the next home."""
        if self.binder.problems:
            self.binder.show_problems()
            return False
        desk = self._context.desk
        change = attempt(
            self._context.messages, lambda: desk.visits.save(self.binder.draft, tr("visit written down")), self.binder
        )
        if change is None:
            return False
        visit_id, day = change.records.get("visit", (self.binder.draft.id,))[0], self.binder.draft.visited_on
        photos = tuple(self._photos)
        self.clear()
        self.household.setFocus()
        self._context.messages.tell(say("The visit is written down."), "ok")
        self.saved.emit(change)
        if photos:
            work = partial(_keep, desk, visit_id, photos, day)
            self._deed.do(say("Keeping the pictures"), work, self._on_kept)
        return True

    def _on_kept(self, left: tuple[VisitDraft, Sequence[Path], VillageDeskError] | None) -> None:
        """The first picture that could not be kept is let go; its visit comes back with those behind it."""
        if left is None:
            return
        visit, photos, refusal = left
        self._context.messages.tell_error(refusal)
        if not self.binder.modified:
            self._photos = list(photos)
            self.binder.load(visit)
            self._tell_photos()

    def may_leave(self) -> bool:
        """Ask what shall happen to an entry that is not saved."""
        if not self.binder.modified:
            return True
        answer = self._context.messages.ask_save(say("This visit is not saved."))
        if answer == "drop":
            self.clear()
        return answer == "drop" or (answer == "save" and self.save())

    def _blank(self) -> VisitDraft:
        site = self._context.desk.site
        return VisitDraft(visited_on=site.today(), visitor=site.store.author)

    def _carried(self) -> VisitDraft:
        now, blank = self.binder.draft, self._blank()
        return replace(
            blank,
            visited_on=now.visited_on or blank.visited_on,
            visitor=now.visitor or blank.visitor,
            companion=now.companion,
        )

    def _form(self) -> QWidget:
        fields = [
            ("visited_on", tr("Day"), date_field(), 1),
            ("visitor", tr("Who came"), text_field(), 1),
            ("companion", tr("Together with"), text_field(), 1),
            ("household_id", tr("Household"), self.household, 2),
            ("met", tr("Spoke with"), text_field(), 1),
            ("heard", tr("What was wished for, what was said"), self._heard, 3),
            ("problem", tr("Problem"), text_field(), 3),
            ("promise", tr("Promised"), text_field(), 2),
            ("promise_due", tr("Until"), date_field(), 1),
        ]
        if self._rules:
            fields.append(("rule", tr("Or a visit to the village by"), self._rule, 3))
        photo = button(say("Add a picture"), "add", self._on_photo, key="Ctrl+Shift+A")
        photo.setToolTip(tr("Of the house or the work, without faces; never of children."))
        buttons = row(self._save, photo, self._fresh)
        return card(bound(self.binder, fields, 3), self._photo_note, buttons, heading=tr("Write a visit down"))

    def _on_photo(self) -> None:
        chosen = self._context.messages.open_file(say("Add a picture"), _PICTURES)
        if chosen is not None:
            self._photos.append(chosen)
            self._tell_photos()

    def _tell_photos(self) -> None:
        self._photo_note.setText(
            tr("{n} {n:picture goes|pictures go} with it", n=len(self._photos)) if self._photos else ""
        )
        self._photo_note.setVisible(bool(self._photos))


def _keep(
    desk: Desk, visit_id: str, photos: Sequence[Path], day: date | None, step: Step
) -> tuple[VisitDraft, Sequence[Path], VillageDeskError] | None:
    """Keep the pictures with their visit; None when all are, else the visit, the pictures left and why it stopped."""
    for place, photo in enumerate(each_told(photos, step), 1):
        try:
            desk.evidence.attach(visit_id, "", photo, tr("picture of the visit"), day)
        except VillageDeskError as error:
            return desk.visits.get(visit_id), photos[place:], error
    return None
