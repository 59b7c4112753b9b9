"""The scheme's own lists gone through at home (四看): a line of words for each item, by year; nothing is added up."""

from __future__ import annotations

from functools import partial
from typing import Any

from PySide6.QtWidgets import QComboBox, QLineEdit, QVBoxLayout, QWidget

from ui import style
from ui.context import Context
from ui.fields.editor import NextOnEnter
from ui.fields.lines import date_field, text_field
from ui.fields.rows import FieldRow, grid
from ui.forms import attempt
from ui.page import button, card, label, row, scrolled
from villagedesk.drafts.household import HouseholdDraft
from villagedesk.drafts.survey import SurveyDraft
from villagedesk.text import say, tr


class LooksTab(QWidget):
    """One card a list of the scheme."""

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._household = HouseholdDraft()
        self._body: QWidget | None = None
        self.editors: dict[str, tuple[Any, ...]] = {}  # key of a list → day, who looked, note, then one an item
        self._year = QComboBox()
        self._year.setAccessibleName(tr("Year of the list"))
        column = QVBoxLayout(self)
        column.setContentsMargins(0, style.letters() // 2, 0, 0)
        hint = tr("What was seen, in plain words. Nothing is added up, compared or printed.")
        column.addLayout(row(label(tr("Year"), "label"), self._year, label(hint, "hint")))
        self._enter = NextOnEnter(self)
        self._year.activated.connect(self._show)

    def show_household(self, household: HouseholdDraft) -> None:
        """Show the lists of another household, this year's first."""
        self._household = household
        today = self._context.desk.site.today()
        self._year.clear()
        for year in range(today.year, today.year - 5, -1):
            self._year.addItem(str(year), year)
        self._show()

    def _show(self) -> None:
        if self._body is not None:
            self._body.deleteLater()
        self.editors.clear()
        found = self._context.desk.surveys.of_household(self._household.id, self._year.currentData())
        self._body = scrolled(*(self._card(draft) for draft in found))
        layout = self.layout()
        if layout is not None:
            layout.addWidget(self._body)
        self._enter.watch(self._body)

    def _card(self, draft: SurveyDraft) -> QWidget:
        found = self._context.desk.profile.checklists[draft.checklist]
        site = self._context.desk.site
        day, who, note = date_field(), text_field(), text_field()
        day.show_value(draft.seen_on or site.today())
        who.show_value(draft.seen_by or site.store.author)
        note.show_value(draft.note)
        answers = [text_field() for _ in found.items]
        for editor, said in zip(answers, draft.answers, strict=False):
            editor.show_value(said)
        self.editors[draft.checklist] = (day, who, note, *answers)
        rows = [FieldRow(tr("Seen on"), day), FieldRow(tr("Seen by"), who), FieldRow(tr("Note"), note)]
        rows += [FieldRow(item, editor) for item, editor in zip(found.items, answers, strict=True)]
        save = button(say("Save"), "save", partial(self._on_save, draft))
        save.setAccessibleName(tr("Save {list}", list=found.title))
        unknown = tr("The content of this list is not known here; the township gives it. Keep what was seen as a note.")
        parts = [] if found.items else [label(unknown, "hint", wrap=True)]
        return card(*parts, grid(rows, 3), row(save), heading=found.title)

    def _on_save(self, draft: SurveyDraft) -> None:
        day, who, note, *answers = self.editors[draft.checklist]
        said = SurveyDraft(
            draft.id, draft.revision, draft.household_id, draft.year, draft.checklist, day.value(), _words(who),
            tuple(_words(editor) for editor in answers), _words(note),
        )  # fmt: skip
        change = attempt(
            self._context.messages, lambda: self._context.desk.surveys.save(said, tr("seen at the household"))
        )
        if change is not None:
            self._context.messages.tell(say("Saved."), "ok")
            self._context.tell_change(change, self)
            self._show()


def _words(editor: QLineEdit) -> str:
    return editor.text().strip()
