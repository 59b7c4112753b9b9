"""The plan of one household: what its people wish, which measure answers which cause, the household's own agreement."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtWidgets import QComboBox, QWidget

from ui.binding import Binder
from ui.context import Context
from ui.fields.choices import CodeField, Option
from ui.fields.editor import NextOnEnter
from ui.fields.lines import NoteField, text_field, whole_field
from ui.fields.rows import FieldRow, grid
from ui.forms import attempt
from ui.page import Page, button, card, label, scrolled
from ui.plans.course import PlanCourse
from ui.plans.measures import MeasuresTab
from ui.plans.signing import PlanSigning
from ui.plans.wishes import WishesTab
from ui.tabs import Tabs
from villagedesk.drafts.household import HouseholdDraft
from villagedesk.drafts.plan import PlanDraft
from villagedesk.text import Text, say, tr

_WISHES, _PLAN, _MEASURES = range(3)
_HORIZONS = {"year": say("the year"), "term": say("the whole term")}


class PlanForm(Page):
    """Wishes, plan, measures."""

    def __init__(self, context: Context) -> None:
        super().__init__("")
        self._context = context
        self._household = HouseholdDraft()
        self._plans: tuple[PlanDraft, ...] = ()
        self.binder = Binder(PlanDraft(), lambda _: (), self)
        self._which = QComboBox()
        self._which.setAccessibleName(tr("Plan"))
        self._signed = label("", badge=True)
        self._open_points = label("", wrap=True)
        self._open_card = card(self._open_points, heading=tr("Before the household signs"))
        self._causes = label("", "hint", wrap=True)
        self._measure = ""  # the measure that shall be under the cursor when they are looked at
        self.course = PlanCourse(context)
        self._fresh = button(say("Another plan"), "add", self._on_fresh)
        self._enter = NextOnEnter(self)
        self.tabs = Tabs()
        self._wishes = self.tabs.add(tr("Wishes"), self._make_wishes, self._fill_wishes)
        self.tabs.add(tr("Plan"), self._make_plan)
        self._measures = self.tabs.add(
            str(context.desk.profile.terms.measure), self._make_measures, self._fill_measures
        )
        self._save = button(say("Save"), "save", self.save, kind="primary", key="Ctrl+S")
        self.signing = PlanSigning(context)
        self._agree = button(say("Household has signed"), "ok", self._on_agree)
        self._version = button(say("New version"), "add", self._on_version)
        self._assemble()
        self._which.activated.connect(self._on_which)
        self.binder.changed.connect(self._on_changed)
        self.course.verb_wanted.connect(self._do)
        self.signing.verb_wanted.connect(self._do)

    @property
    def wishes(self) -> WishesTab:
        """What each person was asked and answered."""
        return self._wishes.widget

    @property
    def measures(self) -> MeasuresTab:
        """The measures of the plan."""
        return self._measures.widget

    def show_place(self, **place: Any) -> None:
        """Show the newest plan of ``household_id``, or a fresh one."""
        household_id = place.get("household_id", "")
        if not household_id:
            return
        self._household = self._context.desk.households.get(household_id)
        measure_id = self._measure = str(place.get("measure_id", ""))
        self._reload()
        field = str(place.get("field", "measure" if measure_id else ""))
        self.tabs.setCurrentIndex(
            _WISHES if "wish" in field else _MEASURES if "measure" in field else self.tabs.currentIndex()
        )

    def may_leave(self) -> bool:
        """Ask what shall happen to unsaved typing."""
        if not self.binder.modified:
            return True
        answer = self._context.messages.ask_save(say("This plan has changes that are not saved."))
        if answer == "drop":
            self.binder.load(self.binder.draft)
        return answer == "drop" or (answer == "save" and self.save())

    def save(self) -> bool:
        """Save plan and measures."""
        if self.binder.problems:
            self.binder.show_problems()
            return False
        change = attempt(
            self._context.messages,
            lambda: self._context.desk.plans.save(self.binder.draft, tr("entered in the form")),
            self.binder,
        )
        if change is None:
            return False
        self._context.messages.tell(say("Saved."), "ok")
        self._context.tell_change(change, self)
        self._reload()
        return True

    def _assemble(self) -> None:
        self._print = button(say("Print"), "print", self._on_print)
        for widget in (self._which, self._fresh, self._signed, self._version, self._agree, self._print, self._save):
            self.add_button(widget)
        if self._context.desk.covered:  # what somebody answered is the team's to know (decision 0071)
            self.tabs.setTabVisible(_WISHES, False)
            self._open_card.hide()
        self.tabs.setCurrentIndex(_PLAN)
        self.column.addWidget(self.tabs, 1)

    def _make_wishes(self) -> WishesTab:
        made = WishesTab(self._context)
        made.saved.connect(self._on_wish)
        return made

    def _fill_wishes(self, tab: WishesTab) -> None:
        tab.show_household(self._household)

    def _make_plan(self) -> QWidget:
        made = self._plan_page = scrolled(self.course, self._plan_card(), self._open_card, self.signing)
        self._enter.watch(made)
        self.binder.tell_bound()
        return made

    def _make_measures(self) -> MeasuresTab:
        made = MeasuresTab(self._context, self.binder)
        made.verb_wanted.connect(self._do)
        made.facts.saved.connect(self._on_facts)
        self.binder.tell_bound()
        return made

    def _fill_measures(self, tab: MeasuresTab) -> None:
        tab.show_household(self._household)
        tab.show_plan(self._measure)

    def _plan_card(self) -> QWidget:
        fields: tuple[tuple[str, str, QWidget, int], ...] = (
            ("year", tr("Year"), whole_field(empty=0), 1),
            ("responsible", tr("Responsible"), text_field(), 1),
            ("needs", tr("Needs"), NoteField(3), 4),
            ("goals", tr("Goals"), NoteField(3), 4),
            ("livelihood", tr("Livelihood"), NoteField(2), 4),
        )
        horizons = self._context.desk.plans.horizons
        if len(horizons) > 1:
            spans = [Option(key, str(_HORIZONS[key])) for key in horizons]
            fields = (fields[0], ("horizon", tr("Span of the plan"), CodeField(spans), 1), *fields[1:])
        rows: list[FieldRow | tuple[FieldRow, int]] = []
        for name, title, editor, span in fields:
            made = FieldRow(title, editor)
            self.binder.bind(name, made)
            rows.append((made, span))
        return card(self._causes, grid(rows, 4))

    def _reload(self) -> None:
        desk = self._context.desk
        self._plans = desk.plans.of_household(self._household.id)
        self._which.clear()
        for plan in self._plans:
            self._which.addItem(self._title_of(plan), plan.id)
        self._which.setVisible(len(self._plans) > 1)
        fresh = PlanDraft(household_id=self._household.id, year=desk.site.today().year)
        self._show(self._plans[0] if self._plans else fresh)
        have = {(plan.horizon, plan.year) for plan in self._plans}
        wanted = {(each, desk.site.today().year) for each in desk.plans.horizons if each == "year"}
        spans = {horizon for horizon, _ in have}
        self._fresh.setVisible(
            not desk.covered and bool(have) and (bool(wanted - have) or not spans >= set(desk.plans.horizons))
        )

    def _title_of(self, plan: PlanDraft) -> str:
        if plan.horizon == "term":
            return tr("Whole term, version {n}", n=plan.version)
        return tr("{year}, version {n}", year=plan.year, n=plan.version)

    def _on_fresh(self) -> None:
        """Begin the plan of a span that the household has none of yet."""
        if self.may_leave():
            have = {plan.horizon for plan in self._plans}
            horizon = next((each for each in self._context.desk.plans.horizons if each not in have), "year")
            year = self._context.desk.site.today().year
            self._show(PlanDraft(household_id=self._household.id, year=year, horizon=horizon))

    def _show(self, plan: PlanDraft) -> None:
        head = self._household.head
        self.retitle(
            tr(
                "{name}: {plan}",
                name=head.name if head else self._household.no,
                plan=self._context.desk.profile.terms.plan,
            ),
            tr(
                "{group}, {n} {n:person|persons}, No. {no}",
                group=self._household.group,
                n=len(self._household.living),
                no=self._household.no,
            ),
        )
        self.binder.load(plan)
        self.tabs.refresh()
        agreed = plan.agreed_on is not None
        self._signed.setText(tr("Agreed on {day}", day=plan.agreed_on) if agreed else tr("Not agreed yet"))
        covered = self._context.desk.covered
        self._print.setVisible(not covered)
        self._agree.setVisible(bool(plan.id) and not agreed and not covered)
        self._version.setVisible(agreed and not covered)
        self._save.setVisible(not agreed and not covered)
        self._open_card.setVisible(not agreed and not covered)
        self.course.show_plan(plan)
        self.signing.show_plan(PlanDraft() if covered else plan, head.name if head else "")
        codes = self._context.desk.profile.codes
        causes = [
            codes.word("cause", cause) for cause in (self._household.main_cause, *self._household.other_causes) if cause
        ]
        self._causes.setText(
            tr("Causes on file: {causes}", causes="、".join(causes)) if causes else tr("No cause on file yet.")
        )
        self._show_open_points(plan)

    def _show_open_points(self, plan: PlanDraft) -> None:
        if self._context.desk.covered:  # blanks would be found wanting
            return
        problems = self._context.desk.plans.check(plan) if plan.id else ()
        said = [f"•  {problem}" for problem in problems]
        self._open_points.setText(
            "\n".join(said)
            if said
            else tr("Save the plan to see what is open.")
            if not plan.id
            else tr("Nothing is open.")
        )

    def _on_which(self, number: int) -> None:
        if self.may_leave():
            self._show(self._plans[number])

    def _on_changed(self) -> None:
        self._save.setEnabled(self.binder.modified or not self.binder.draft.id)

    def _on_facts(self, change: object) -> None:
        shown = self.measures.measure
        self._context.tell_change(change, self)
        self._measure = shown.id if shown else ""
        self._reload()

    def _on_wish(self) -> None:
        self._show_open_points(self.binder.draft)

    def _on_agree(self) -> None:
        """Bring the questions of the signature to the front."""
        self.tabs.setCurrentIndex(_PLAN)
        self._plan_page.ensureWidgetVisible(self.signing)
        self.signing.ask()

    def _on_version(self) -> None:
        plan = self.binder.draft
        reason = self._context.messages.ask_line(say("Why does the plan change?"))
        if reason:
            self._do(lambda desk: desk.plans.new_version(plan.id, reason))

    def _on_print(self) -> None:
        self._context.navigator.go(
            "papers", kind="plan_sheet", household_id=self._household.id, year=self.binder.draft.year
        )

    def _do(self, verb: Callable[[Any], Any], done: Text | None = None) -> None:
        with self._context.messages.telling():
            change = verb(self._context.desk)
            self._context.messages.tell(done or say("Saved."), "ok")
            self._context.tell_change(change, self)
            self._reload()
