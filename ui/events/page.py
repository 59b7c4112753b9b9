"""One household event on one page: the day, who, why; what follows from it is shown before it is entered."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QVBoxLayout, QWidget

from ui import style
from ui.beside import split
from ui.binding import Binder, get_at
from ui.context import Context
from ui.events.answers import Answers, place_of, problems, verb
from ui.events.rows import Row, asked_rows, day_rows, person_rows
from ui.fields.editor import NextOnEnter, chain
from ui.fields.rows import FieldRow, grid
from ui.page import Page, button, card, label, scrolled, set_tone
from ui.undoing import take_back
from villagedesk.drafts.household import HouseholdDraft, MemberDraft
from villagedesk.errors import Problem, Refused, VillageDeskError
from villagedesk.services.event_words import kind_word
from villagedesk.text import Text, say, tr
from villagedesk.values import read_id_number

_REST = 150  # milliseconds after the last key until the event is tried
_ASKED = ("head_id", "other_head_id", "closing")


class EventPage(Page):
    """Enters one event of one household."""

    def __init__(self, context: Context) -> None:
        super().__init__("")
        self._context = context
        self._household = HouseholdDraft()
        self._other = HouseholdDraft()
        self._asked: tuple[str, ...] = ()
        self._more_paths: tuple[str, ...] = ()
        self._merged_with = ""
        self._last: QWidget | None = None
        self.binder = Binder(Answers(), lambda _: (), self)
        self._enter_key = NextOnEnter(self)
        self._rest = QTimer(self)
        self._rest.setSingleShot(True)
        self._rest.setInterval(_REST)
        self._rest.timeout.connect(self.consider)
        self._form = QVBoxLayout()
        self._more = QVBoxLayout()
        self._follows = label("", wrap=True)
        self._follows.setTextFormat(Qt.TextFormat.PlainText)
        self._follows.setAccessibleName(tr("What follows"))
        self._assemble()
        self.binder.changed.connect(self._rest.start)
        self.binder.typed.connect(self._on_typed)

    def show_place(self, **place: Any) -> None:
        """Ask for an event of ``kind`` in ``household_id``; an un-merge names its ``merge_id`` and ``other_id``."""
        household_id = str(place.get("household_id", ""))
        if not household_id:
            self.retitle(tr("Household event"), tr("Open a household file and choose there what happened."))
            self.setEnabled(False)
            return
        self.setEnabled(True)
        self._household = self._context.desk.households.get(household_id)
        kind = str(place.get("kind", "birth"))
        self._other, self._asked, self._more_paths = HouseholdDraft(), (), ()
        self._merged_with = str(place.get("other_id", ""))
        answers = Answers(kind, household_id, merge_id=str(place.get("merge_id", "")))
        self.binder.forget()
        self.binder.load(answers)
        self._title_of(kind)
        self._build(answers)
        self.consider()
        self._focus("on")

    def may_leave(self) -> bool:
        """Half an answered event is not kept; ask before it is dropped."""
        if not self.binder.modified:
            return True
        if self._context.messages.ask(say("Drop this event? It is not entered yet."), say("Drop it"), danger=True):
            self._let_go()
            return True
        return False

    def consider(self) -> None:
        """Try the event and say what follows from it, or ask for what is missing."""
        self._rest.stop()
        answers = self.binder.draft
        found = self._try(answers)
        if isinstance(found, tuple):
            self._show_follows(found)
            self.binder.show_problems()
            return
        self._ask(answers, found.problems)
        self._say(tr("Answer what is marked; then you see here what follows."), "")
        self.binder.show_problems(self._mapped(found.problems) if self.binder.modified else ())

    def enter(self) -> None:
        """Enter the event, or show what keeps it from being entered."""
        self._rest.stop()
        answers = self.binder.draft
        try:
            self._demand_answered()
            change = verb(answers)(self._context.desk.events)
        except Refused as refusal:
            self._ask(answers, refusal.problems)
            said = self._mapped(refusal.problems)
            self.binder.show_problems(said)
            self._focus(said[0].field)
            self._context.messages.tell_error(refusal)
        except VillageDeskError as error:
            self._context.messages.tell_error(error)
        else:
            self._done(answers, change)

    def add_person(self) -> None:
        """Ask for one more of those who move in, on the same page."""
        before = self.binder.draft.companions
        self.binder.put("companions", (*before, MemberDraft()))
        self.binder.forget()
        self._more_paths = ()
        self._build(self.binder.draft)
        self._build_more()
        self.binder.refresh()
        self._focus(f"companions.{len(before)}.id_number")

    def _let_go(self) -> None:
        self.binder.forget()
        self.binder.load(Answers())
        self._rest.stop()

    def _done(self, answers: Answers, change: Any) -> None:
        self._let_go()
        self._context.tell_change(change, self)
        self._context.messages.tell(
            say("Entered: {what}.", what=kind_word(answers.kind)),
            "ok",
            say("Take it back"),
            partial(self._undo, change),
        )
        self._leave(answers)

    def _leave(self, answers: Answers) -> None:
        """On to the file the event was entered from, or to the one that its people are in now."""
        here = answers.household_id
        closed = here not in self._context.desk.lists.household_ids()
        target = answers.other_id if closed else here
        if target:
            self._context.navigator.go("household", household_id=target, tab="events")
        else:
            self._context.navigator.go("households")

    def _undo(self, change: Any) -> None:
        take_back(self._context, change.act, lambda: None, self)

    def _try(self, answers: Answers) -> tuple[Text, ...] | Refused:
        try:
            self._demand_answered()
            return self._context.desk.events.rehearse(verb(answers))
        except Refused as refusal:
            return refusal

    def _demand_answered(self) -> None:
        if missing := (*self.binder.problems, *problems(self.binder.draft)):
            raise Refused(missing)

    def _ask(self, answers: Answers, found: Sequence[Problem]) -> None:
        """Show fields for what the event has to be told besides."""
        fields = [problem.field for problem in self._mapped(found)]
        asked = tuple(dict.fromkeys((*self._asked, *(field for field in fields if field in _ASKED
                                                     and self.binder.row_of(field) is None))))  # fmt: skip
        known = dict(answers.relations)
        people = [problem.field.partition(".")[2] for problem in found if problem.field.startswith("relations.")]
        if answers.kind == "merge" and self._household.head and self._household.head.id in people:
            people = [self._household.head.id]  # what the others are follows from that
        new = [person for person in people if person not in known]
        if asked == self._asked and not new:
            return
        self._asked = asked
        self.binder.replay("relations", (*answers.relations, *((person, "") for person in new)))
        if answers.other_id and self._other.id != answers.other_id:
            self._other = self._context.desk.households.get(answers.other_id)
        self._build_more()

    def _mapped(self, found: Iterable[Problem]) -> list[Problem]:
        return [Problem(problem.text, place_of(self.binder.draft, problem.field)) for problem in found]

    def _on_typed(self, path: str) -> None:
        """What was asked for other persons than those chosen now is asked anew."""
        answers = self.binder.draft
        if path in _WHO:
            head_id = answers.head_id if answers.kind in {"split", "head"} else ""
            self._asked = ()
            self._reask(replace(answers, relations=(), closing="", head_id=head_id, other_head_id=""))
        elif path in {"head_id", "other_head_id"} and answers.relations:
            self._reask(replace(answers, relations=()))
        elif path.endswith(".id_number"):
            self._fill_from_id(path.removesuffix(".id_number"))

    def _reask(self, answers: Answers) -> None:
        self._unbind_more()
        self.binder.replay("", answers)
        other = answers.other_id or self._merged_with
        self._other = self._context.desk.households.get(other) if other else HouseholdDraft()
        self._build_more()

    def _unbind_more(self) -> None:
        for path in self._more_paths:
            self.binder.unbind(path)
        self._more_paths = ()

    def _fill_from_id(self, path: str) -> None:
        person: MemberDraft = get_at(self.binder.draft, path)
        try:
            said = read_id_number(person.id_number)
        except ValueError:
            return
        filled = replace(person, birth=person.birth or said.birth, sex=person.sex or ("1" if said.male else "2"))
        if filled != person:
            self.binder.put(path, filled)

    def _title_of(self, kind: str) -> None:
        head = self._household.head
        name = head.name if head else "—"
        about = tr("Household {no}, {name}, {n} {n:person|persons}", no=self._household.no, name=name,
                   n=len(self._household.living))  # fmt: skip
        self.retitle(str(kind_word(kind)), about)

    def _assemble(self) -> None:
        self._cancel = button(say("Back to the file"), "back", self._on_back)
        self._save = button(say("Enter the event"), "save", self.enter, kind="primary", key="Ctrl+S")
        self.add_button(self._cancel)
        self.add_button(self._save)
        left = QWidget()
        left.setLayout(self._form)
        more = QWidget()
        more.setLayout(self._more)
        for layout in (self._form, self._more):
            layout.setContentsMargins(0, 0, 0, 0)
        right = card(self._follows, heading=tr("What follows"))
        right.setMinimumWidth(style.letters() * 18)
        self.column.addWidget(split((scrolled(left, more), 56), (scrolled(right), 28)), 1)

    def _build(self, answers: Answers) -> None:
        desk = self._context.desk
        _clear(self._form)
        _clear(self._more)
        _add(self._form, self._card(day_rows(desk, answers.kind), tr("When and why")))
        who = person_rows(desk, answers, self._household)
        if who:
            _add(self._form, self._card(who, tr("Who")))
        if answers.kind == "moved_in":
            _add(self._form, button(say("Somebody else comes along"), "add", self.add_person, key="Ctrl+Return"))
        self._last = chain(None, self.binder.editors)

    def _build_more(self) -> None:
        self._unbind_more()
        _clear(self._more)
        rows = asked_rows(self._context.desk, self.binder.draft, self._asked, (self._household, self._other))
        if rows:
            _add(self._more, self._card(rows, tr("To be settled besides")))
        self._more_paths = tuple(path for path, *_ in rows)
        chain(self._last, (editor for _, _, editor, _ in rows))

    def _card(self, rows: Sequence[Row], heading: str) -> QWidget:
        made: list[tuple[FieldRow, int]] = []
        for path, words, editor, span in rows:
            row = FieldRow(words, editor)
            self.binder.bind(path, row)
            made.append((row, span))
        inner = QWidget()
        inner.setLayout(grid(made, 4))
        self._enter_key.watch(inner)
        return card(inner, heading=heading)

    def _show_follows(self, effects: Sequence[Text]) -> None:
        self._say("\n".join(f"· {effect}" for effect in effects) or tr("Nothing else changes."), "ok")

    def _say(self, text: str, tone: str) -> None:
        self._follows.setText(text)
        set_tone(self._follows, tone if tone != "ok" else "")

    def _focus(self, field: str) -> None:
        row = self.binder.row_of(field)
        if row is not None:
            row.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_back(self) -> None:
        self._context.navigator.go("household", household_id=self._household.id)


_WHO = frozenset({"member_id", "member_ids", "other_id"})


def _add(layout: QVBoxLayout, widget: QWidget) -> None:
    """Add and show at once, so that the cursor can go there with the next key."""
    layout.addWidget(widget)
    widget.show()


def _clear(layout: QVBoxLayout) -> None:
    while layout.count():
        item = layout.takeAt(0)
        widget = item.widget() if item is not None else None
        if widget is not None:
            widget.hide()
            widget.deleteLater()
