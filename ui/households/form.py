"""One household file: who and where, members, living, income, history; one Save, every step can be taken back."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, QTimer
from PySide6.QtWidgets import QLineEdit, QWidget

from ui import style
from ui.binding import Binder
from ui.context import Context
from ui.events.tab import EventsTab
from ui.fields.editor import NextOnEnter
from ui.households.editors import Cover, section_card
from ui.households.entry import Doubles, HelperCard, KeepOnLeave, begun
from ui.households.hints import HintsBar
from ui.households.history import HistoryTab
from ui.households.income import IncomeTab
from ui.households.looks import LooksTab
from ui.households.marks import FieldMarks
from ui.households.members import MembersTab
from ui.households.proofs import ProofsTab
from ui.households.spec import HOUSEHOLD, LIVING, Section, open_to
from ui.mending import place_of
from ui.page import Page, button, shortcut
from ui.slices import SlicedCards
from ui.tabs import Tabs
from ui.unfinished import NEW, Keeper, kept
from villagedesk.drafts.household import HouseholdDraft
from villagedesk.errors import Refused, Stale, VillageDeskError
from villagedesk.text import say, tr

_FILE, _MEMBERS, _LIVING, _INCOME, _EVENTS, _PROOFS, _HISTORY, _LOOKS = range(8)
_REST = 400  # milliseconds without a key, after which the rules look at what is typed
_TAB_OF = {"members": _MEMBERS, "income": _INCOME, "events": _EVENTS, "proofs": _PROOFS, "history": _HISTORY}


class HouseholdForm(Page):
    """The file of one household."""

    def __init__(self, context: Context) -> None:
        super().__init__("")
        self._context = context
        desk = context.desk
        self.binder = Binder(HouseholdDraft(), desk.households.check, self)
        self._codes = desk.profile.codes.offered_in(desk.profile.form_year(desk.site.today().year))
        self._member = ""  # who shall be under the cursor when the members are looked at
        self.marks = FieldMarks(context, self.binder, self)
        self._helper = HelperCard(context, self)
        self._hints = HintsBar()
        self._reason = QLineEdit()
        self._keeper = Keeper(desk, self.binder)
        self._last = HouseholdDraft()
        KeepOnLeave(self, self._keeper)
        Doubles(context, self.binder)
        self._enter = NextOnEnter(self)
        self.tabs = Tabs()
        self._add_tabs()
        self._assemble()
        self.binder.changed.connect(self._on_changed)
        self._resting = QTimer(self)
        self._resting.setSingleShot(True)
        self._resting.setInterval(_REST)
        self._resting.timeout.connect(self._show_hints)
        self.binder.changed.connect(self._resting.start)
        self._helper.binder.changed.connect(self._on_changed)
        if desk.covered:
            self._show_only()
        self._hints.mend_wanted.connect(self._on_mend)
        self.marks.proof_wanted.connect(self.show_proof)
        context.changes.changed.connect(self._on_elsewhere)

    @property
    def members(self) -> MembersTab:
        """Who belongs to the household."""
        return self._members.widget

    @property
    def income(self) -> IncomeTab:
        """The income statements."""
        return self._income.widget

    @property
    def events(self) -> EventsTab:
        """What happened to the household."""
        return self._events.widget

    @property
    def proofs(self) -> ProofsTab:
        """Photographs and scans."""
        return self._proofs.widget

    @property
    def history(self) -> HistoryTab:
        """Who changed what."""
        return self._history.widget

    def show_place(self, **place: Any) -> None:
        """Show the file of ``household_id`` ("" for a new one), at ``member_id``, ``field`` or ``tab``."""
        household_id = place.get("household_id", "")
        with self._context.messages.telling():
            draft = self._context.desk.households.get(household_id) if household_id else begun(self._last)
            self._load(draft, place.get("member_id", ""))
            self._offer_unfinished(draft)
            if place.get("field"):
                self.show_field(str(place["field"]))
            elif not household_id:
                self.show_field("no")
            elif place.get("member_id"):
                self.tabs.setCurrentIndex(_MEMBERS)
            elif place.get("tab") in _TAB_OF:
                self.tabs.setCurrentIndex(_TAB_OF[place["tab"]])

    def show_field(self, field: str) -> None:
        """Bring a field of the draft to the front, the cursor in it."""
        first = field.split(".", maxsplit=1)[0]
        if first == "members" and field.count(".") == 2:
            self.members.select(int(field.split(".")[1]))
            self.members.open_for(int(field.split(".")[1]))
        self.tabs.setCurrentIndex(_TAB_OF.get(first, _LIVING if self._is_living(first) else _FILE))
        row = self.binder.row_of(field)
        if row is not None:
            for cover in self.findChildren(Cover):
                cover.open_for(row.editor)
            row.editor.setFocus(Qt.FocusReason.OtherFocusReason)

    def _on_mend(self, field: str) -> None:
        """To the field of a finding, which may stand on another page: its helper, its plan, its visits."""
        page, place = place_of(field, self.binder.draft.id)
        if page == "household":
            self.show_field(field)
        else:
            self._context.navigator.go(page, **place)

    def show_proof(self, subject_id: str, field: str) -> None:
        """Show what proves a figure, ready for more of it."""
        self.tabs.setCurrentIndex(_PROOFS)
        self.proofs.choose(subject_id, field)

    def may_leave(self) -> bool:
        """Ask what shall happen to unsaved typing."""
        if not self.binder.modified and self.tabs.may_leave():
            return True
        if not self.binder.modified:
            return False
        answer = self._context.messages.ask_save(say("This household file has changes that are not saved."))
        if answer == "drop":
            self._keeper.forget(self.binder.draft.id or NEW)
        return answer == "drop" or (answer == "save" and self.save())

    def save(self) -> bool:
        """Save the file; False when something keeps it from being saved."""
        problems = self.binder.problems
        if problems:
            self.binder.show_problems()
            self.show_field(problems[0].field)
            self._context.messages.tell(say("Not saved yet: {what}", what=problems[0].text), "problem")
            return False
        return self._store()

    def _store(self) -> bool:
        draft = self.binder.draft
        try:
            change = self._context.desk.households.save(draft, self._reason.text().strip() or tr("entered in the form"))
        except Refused as refusal:
            self.binder.show_problems(refusal.problems)
            self.show_field(refusal.problems[0].field)
            self._context.messages.tell_error(refusal)
        except Stale as stale:
            self._context.messages.tell(stale.text, "warn", say("Open it again"), self._reopen)
        except VillageDeskError as error:
            self._context.messages.tell_error(error)
        else:
            self._keeper.forget(draft.id or NEW)
            household_id = draft.id or change.records["household"][0]
            self._last = draft
            self._pair(household_id)
            self._load(self._context.desk.households.get(household_id), keep=True)
            self._context.messages.tell(say("Saved."), "ok")
            self._context.tell_change(change, self)
            return True
        return False

    def _on_shown(self, what: str) -> bool:
        return self._may_look(self.binder.draft.id, what)

    def _may_look(self, record: str, what: str) -> bool:
        """Whether restricted facts of a record may be shown to the person at the keyboard; noted when they are."""
        desk = self._context.desk
        if not desk.users.may("read_restricted"):
            self._context.messages.tell(say("Your role does not allow this. Ask the team leader."))
            return False
        if record:
            desk.looks.note(record, what)
        return True

    def _pair(self, household_id: str) -> None:
        try:
            self._helper.pair(household_id, lambda change: self._context.tell_change(change, self))
        except Refused as refusal:
            self._helper.binder.show_problems(refusal.problems)
            self._context.messages.tell_error(refusal)

    def _add_tabs(self) -> None:
        context, add = self._context, self.tabs.add
        add(tr("Basics"), self._make_file)
        self._members = add(tr("Members"), self._make_members, lambda tab: tab.show_members(self._member))
        add(tr("Living and land"), self._make_living)
        self._income = add(tr("Income"), self._make_income, lambda tab: tab.show_household(self.binder.draft))
        self._events = add(
            tr("Household events"), self._make_events, lambda tab: tab.show_household(self.binder.draft.id)
        )
        self._proofs = add(tr("Proofs"), self._make_proofs, lambda tab: tab.show_household(self.binder.draft))
        self._history = add(tr("History"), self._make_history, lambda tab: tab.show_household(self.binder.draft.id))
        add(tr("Lists of the scheme"), partial(LooksTab, context), lambda tab: tab.show_household(self.binder.draft))
        self.tabs.setTabVisible(_LOOKS, bool(context.desk.profile.checklists))

    def _make_file(self) -> QWidget:
        closed = self._context.desk.closed_fields("household")
        return self._sliced((*open_to(HOUSEHOLD, closed), None))

    def _make_living(self) -> QWidget:
        return self._sliced(LIVING)

    def _sliced(self, sections: Iterable[Section | None]) -> SlicedCards:
        """The cards of the draft; None stands for who helps the household."""
        made = SlicedCards(
            section_card(each, self._codes, self.binder, self._on_shown) if each else self._helper.widget
            for each in sections
        )
        made.added.connect(self._on_card)
        self.binder.owe(made.complete)
        made.begin()
        return made

    def _on_card(self, card: QWidget) -> None:
        self._enter.watch(card)
        self._bound()

    def _make_members(self) -> MembersTab:
        desk = self._context.desk
        made = MembersTab(self.binder, self._codes, desk.site.today(), self._may_look, desk.closed_fields("member"))
        made.person.added.connect(self._bound)
        if desk.covered:
            made.show_only()
        self._bound()
        return made

    def _bound(self) -> None:
        """More of the draft can be seen now: its marks and what was refused of it are shown there too."""
        for row in self.binder.rows if self._context.desk.covered else ():
            row.editor.setEnabled(False)
        self.binder.tell_bound()

    def _make_income(self) -> IncomeTab:
        made = IncomeTab(self._context)
        made.proof_wanted.connect(self.show_proof)
        return made

    def _make_events(self) -> EventsTab:
        made = EventsTab(self._context)
        made.changed.connect(self._on_undone)
        return made

    def _make_proofs(self) -> ProofsTab:
        made = ProofsTab(self._context)
        made.changed.connect(self.marks.read_proofs)
        return made

    def _make_history(self) -> HistoryTab:
        made = HistoryTab(self._context)
        made.changed.connect(self._on_undone)
        return made

    def _assemble(self) -> None:
        self._reason.setPlaceholderText(tr("Source of the change, for example: visit on 12 September"))
        self._reason.setAccessibleName(tr("Source of the change"))
        self._reason.setMinimumWidth(style.letters() * 12)
        self._undo = button(None, "undo", self.binder.stack.undo, key="Ctrl+Z")
        self._redo = button(None, "redo", self.binder.stack.redo, key="Ctrl+Y")
        for tool, name in ((self._undo, tr("Step back")), (self._redo, tr("Step forward again"))):
            tool.setAccessibleName(name)
            tool.setToolTip(name)
        self._save = button(say("Save"), "save", self.save, kind="primary", key="Ctrl+S")
        self._plan = button(self._context.desk.profile.terms.plan, "plans", self._on_plan)
        self._print = button(say("Print"), "print", self._on_print)
        for widget in (self._reason, self._undo, self._redo, self._print, self._plan, self._save):
            self.add_button(widget)
        self.column.addWidget(self._hints)
        self.column.addWidget(self.tabs, 1)
        shortcut(self, "Ctrl+Tab", self._next_tab)

    def _show_only(self) -> None:
        """For somebody who reads tier T1: what lies above is not on the page, and nothing can be typed."""
        for tab in (_INCOME, _EVENTS, _PROOFS, _HISTORY, _LOOKS):
            self.tabs.setTabVisible(tab, False)
        for row in self._helper.binder.rows:
            row.editor.setEnabled(False)
        for widget in (self._reason, self._undo, self._redo, self._print, self._save):
            widget.hide()

    def _load(self, draft: HouseholdDraft, member_id: str = "", *, keep: bool = False) -> None:
        members = self._members.made
        at = members.table.currentIndex().row() if members is not None else -1
        self._member = draft.members[at].id if keep and 0 <= at < len(draft.members) else member_id
        self.binder.load(draft)
        self._helper.show_household(draft.id)
        self.tabs.refresh()
        if not self._context.desk.covered:
            self.marks.read_proofs()
        for tab in (_INCOME, _EVENTS, _PROOFS, _HISTORY, _LOOKS):
            self.tabs.setTabEnabled(tab, bool(draft.id))
        self._plan.setEnabled(bool(draft.id))
        self._print.setEnabled(bool(draft.id))
        self._show_title()
        self._show_hints()

    def _show_title(self) -> None:
        draft = self.binder.draft
        head = draft.head
        name = head.name if head and head.name else tr("New household")
        group = tr(
            "{group}, {n} {n:person|persons}, No. {no}",
            group=draft.group or "—",
            n=len(draft.living),
            no=draft.no or "—",
        )
        self.retitle(name, group)

    def _show_hints(self) -> None:
        covered = self._context.desk.covered  # blanks would be found wanting
        self._hints.show_findings(() if covered else self._context.desk.checks.of_draft(self.binder.draft))

    def _is_living(self, field: str) -> bool:
        return any(spec.name == field for section in LIVING for spec in section.fields)

    def _next_tab(self) -> None:
        """The next enabled tab, the cursor in its first field."""
        number = self.tabs.currentIndex()
        for _ in range(self.tabs.count()):
            number = (number + 1) % self.tabs.count()
            if self.tabs.isTabEnabled(number):
                break
        self.tabs.setCurrentIndex(number)
        first = next((row.editor for row in self.binder.rows if row.isEnabled() and row.editor.isVisible()), None)
        (first or self.tabs).setFocus(Qt.FocusReason.OtherFocusReason)

    def _offer_unfinished(self, stored: HouseholdDraft) -> None:
        """Offer back what was typed before the power went, unless the file was saved elsewhere since."""
        found = kept(self._context.desk).get(stored.id or NEW)
        if found is not None and found.revision == stored.revision and found != stored:
            self._context.messages.tell(
                say("Typing in this file was not saved the last time."),
                "warn",
                say("Bring it back"),
                partial(self._bring_back, found),
            )

    def _bring_back(self, draft: HouseholdDraft) -> None:
        self.binder.put("", draft)
        self.tabs.refresh()

    def _reopen(self) -> None:
        self.show_place(household_id=self.binder.draft.id)

    def _on_changed(self) -> None:
        self._show_title()
        self._save.setEnabled(self.binder.modified or self._helper.binder.modified)
        self._undo.setEnabled(self.binder.stack.canUndo())
        self._redo.setEnabled(self.binder.stack.canRedo())

    def _on_plan(self) -> None:
        self._context.navigator.go("plan", household_id=self.binder.draft.id)

    def _on_print(self) -> None:
        self._context.navigator.go("papers", kind="household_file", household_id=self.binder.draft.id)

    def _on_undone(self) -> None:
        self._reopen()

    def _on_elsewhere(self, change: Any, initiator: object) -> None:
        mine = self.binder.draft.id
        for tab in (self._income, self._events, self._proofs, self._history):
            tab.outdate()
        if initiator is self or not mine or change is None or mine not in change.records.get("household", ()):
            return
        if self.binder.modified:
            self._context.messages.tell(
                say("This file was changed on another page."), "warn", say("Open it again"), self._reopen
            )
        elif self.isVisible():
            self._reopen()
