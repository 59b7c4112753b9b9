"""The exit of the village: each indicator with its figure and where it comes from, and the steps on from there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtWidgets import QComboBox, QGridLayout, QHBoxLayout, QVBoxLayout, QWidget

from ui import style
from ui.beside import split
from ui.context import Context
from ui.exits.clockbar import ClockBar
from ui.exits.widgets import clear
from ui.fields.lines import whole_field, yuan_field
from ui.fields.longline import LongLineField
from ui.fields.yesno import YesNoField
from ui.mending import place_of
from ui.page import Page, button, card, label, row, scrolled
from ui.procedures.step_form import StepForm, StepOrder
from ui.years import working_year
from villagedesk.drafts.village_exit import VillageExitDraft
from villagedesk.policy.criteria import Assessment
from villagedesk.policy.pack import VillageCriterion
from villagedesk.services.villages import VillageExitRow
from villagedesk.text import say, tr

_OF_THE_NOTICE = frozenset({"notice_id", "posted_on", "ends_on", "objections"})
_TONES = {"met": "ok", "unmet": "problem", "unknown": "warn"}
_WORDS = {"met": say("met"), "unmet": say("not met"), "unknown": say("not known")}


class VillageExitPage(Page):
    """One attempt at a time: figures on the left, steps on the right."""

    def __init__(self, context: Context) -> None:
        terms = context.desk.profile.terms
        super().__init__(tr("{exit} of the village", exit=terms.village_exit))
        self._context = context
        self._clock = ClockBar(context)
        self._rows: tuple[VillageExitRow, ...] = ()
        self._attempts = QComboBox()
        self._attempts.setAccessibleName(tr("Attempt"))
        self._attempts.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._state = label("", badge=True)
        self._figures: dict[str, Any] = {}
        self._sources: dict[str, LongLineField] = {}
        self._results: dict[str, Any] = {}
        self._save = button(say("Save the figures"), "save", self._on_save, kind="primary")
        self.steps = StepForm(context.desk.site.today)
        self._facts = QVBoxLayout()
        self._assemble()
        self._attempts.activated.connect(self._show)
        self.steps.take_wanted.connect(self._on_take)
        self.steps.mend_wanted.connect(self._on_mend)
        context.changes.changed.connect(self._on_changed)

    def show_place(self, **_place: Any) -> None:
        """Show the attempts; the newest is in front."""
        self._ask()

    @property
    def case(self) -> VillageExitRow | None:
        """The attempt shown, None before the first one is saved."""
        number = self._attempts.currentIndex()
        return self._rows[number] if 0 <= number < len(self._rows) else None

    def _assemble(self) -> None:
        for kind, words in (
            ("village_exit_record", say("Print the record")), ("village_exit_request", say("Print the application")),
        ):  # fmt: skip
            self.add_button(button(words, "print", partial(self._on_paper, kind)))
        profile = self._context.desk.profile
        for kind in ("village_exit", "village_exit_result"):
            if kind in profile.notices:
                self.add_button(button(profile.notices[kind].title, "notices", partial(self._on_notice, kind)))
        self.add_button(button(say("New attempt"), "add", self._on_new))
        self.column.addWidget(self._clock)
        self.column.addLayout(row(self._attempts, self._state))
        left, right = QWidget(), QWidget()
        column = QVBoxLayout(left)
        column.setContentsMargins(0, 0, 0, 0)
        column.addWidget(self._table())
        column.addLayout(row(self._save))
        column.addStretch(1)
        beside = QVBoxLayout(right)
        beside.setContentsMargins(style.letters() // 2, 0, 0, 0)
        beside.addWidget(self.steps)
        beside.addLayout(self._facts)
        beside.addStretch(1)
        self._beside = scrolled(right)
        self.column.addWidget(split((scrolled(left), 50), (self._beside, 34)), 1)

    def _table(self) -> QWidget:
        """A line an indicator; one that is a share has a line for what it is a share of."""
        lines = QGridLayout()
        lines.setHorizontalSpacing(style.letters() // 2)
        number = 0
        for criterion in self._context.desk.profile.village_exit.values():
            for field, words in self._asked(criterion):
                if field in self._figures:
                    continue
                self._line(lines, number, field, words, criterion)
                number += 3
        lines.setColumnMinimumWidth(0, style.letters() * 9)
        lines.setColumnStretch(0, 3)
        lines.setColumnStretch(1, 2)
        hint = tr("Every figure with its source; an empty one counts as not reached. Shares are reckoned.")
        return card(label(hint, "hint", wrap=True), lines, heading=tr("Indicators"))

    def _asked(self, criterion: VillageCriterion) -> list[tuple[str, str]]:
        titles = self._context.desk.villages.titles
        if not criterion.of:
            money = criterion.field in self._context.desk.villages.money
            return [(criterion.field, tr("{indicator} (yuan)", indicator=criterion.text) if money else criterion.text)]
        part, whole = titles.get(criterion.field, criterion.field), titles.get(criterion.of, criterion.of)
        return [(criterion.field, f"{criterion.text}（{part}）"), (criterion.of, whole)]

    def _line(self, lines: QGridLayout, number: int, field: str, words: str, criterion: VillageCriterion) -> None:
        yes = criterion.op == "yes" and field == criterion.field
        figure: Any = (
            YesNoField() if yes else yuan_field() if field in self._context.desk.villages.money else whole_field()
        )
        source = LongLineField(say("register, survey, bank statement …"))
        figure.setAccessibleName(words)
        source.setAccessibleName(tr("{indicator}: where it comes from", indicator=words))
        source_of = self._context.desk.sources.of_village_criterion(criterion.key)
        told = str(source_of.told) if source_of else ""
        figure.setWhatsThis(told)
        result = label("", badge=field == criterion.field)
        self._figures[field], self._sources[field] = figure, source
        if field == criterion.field:
            self._results[criterion.key] = result
        title = label(words, wrap=True)
        title.setToolTip(told)
        for place, widget in enumerate((title, figure, result)):
            lines.addWidget(widget, number, place)
        below = QHBoxLayout()
        below.setSpacing(style.letters() // 2)
        below.addWidget(label(tr("Where it comes from"), "label"))
        below.addWidget(source, 1)
        lines.addLayout(below, number + 1, 0, 1, 3)
        lines.setRowMinimumHeight(number + 2, style.letters() // 2)

    def _ask(self) -> None:
        self._clock.look()
        at = self._attempts.currentIndex()
        self._rows = tuple(reversed(self._context.desk.villages.all()))
        self._attempts.clear()
        for each in self._rows:
            self._attempts.addItem(tr("{year}: {state}", year=each.case.year, state=each.state_title))
        self._attempts.setVisible(bool(self._rows))
        self._attempts.setCurrentIndex(at if 0 <= at < len(self._rows) else 0 if self._rows else -1)
        self._show()

    def _show(self) -> None:
        shown = self.case
        year = working_year(self._context.desk)
        fresh = VillageExitDraft(year=year, figures=self._context.desk.villages.known(year))
        case = shown.case if shown else fresh
        known = {name: (figure, source) for name, figure, source in case.figures}
        for field, editor in self._figures.items():
            figure, source = known.get(field, (None, ""))
            editor.show_value(bool(figure) if isinstance(editor, YesNoField) and figure is not None else figure)
            self._sources[field].show_value(source)
        self._state.setText(shown.state_title if shown else tr("no figures yet"))
        self._save.setEnabled(shown is None or shown.case.state == self._context.desk.villages.procedure.start)
        self._show_results({each.key: each for each in shown.assessments} if shown else {})
        self.steps.show_steps(shown.steps if shown else ())
        self._beside.setVisible(shown is not None)
        clear(self._facts)
        if shown is not None and shown.case.applied_on is not None:
            self._facts.addWidget(_facts(shown.case))

    def _show_results(self, found: Mapping[str, Assessment]) -> None:
        for key, badge in self._results.items():
            one = found.get(key)
            result = one.result if one else "unknown"
            badge.setText(str(_WORDS[result]))
            badge.setProperty("tone", _TONES[result])
            badge.setToolTip(str(one.because) if one else "")
            badge.style().unpolish(badge)
            badge.style().polish(badge)

    def _on_save(self) -> None:
        shown = self.case
        base = shown.case if shown else VillageExitDraft(year=working_year(self._context.desk))
        figures = tuple(
            (field, int(value), self._sources[field].value())
            for field, editor in self._figures.items()
            if (value := editor.value()) is not None
        )
        villages = self._context.desk.villages
        self._do(lambda: villages.save(replace(base, figures=figures), tr("indicators")))

    def _on_new(self) -> None:
        today = self._context.desk.site.today()
        year = self._context.messages.ask_line(say("Which year?"), value=str(today.year))
        if year and year.isdecimal():
            villages = self._context.desk.villages
            fresh = VillageExitDraft(year=int(year), figures=villages.known(int(year)))
            self._do(lambda: villages.save(fresh, tr("new attempt")))
            self._attempts.setCurrentIndex(0)
            self._show()

    def _on_take(self, order: StepOrder) -> None:
        shown = self.case
        if shown is None or order.on is None:
            self._context.messages.tell(say("Enter the day of the step."), "problem")
            return
        values = {name: value for name, value in order.values.items() if name == "approval"}
        villages, on = self._context.desk.villages, order.on
        self._do(lambda: villages.take(shown.case.id, order.verb, on, order.reason, **values))

    def _on_paper(self, kind: str) -> None:
        shown = self.case
        year = shown.case.year if shown else working_year(self._context.desk)
        self._context.navigator.go("papers", kind=kind, year=year)

    def _on_mend(self, field: str) -> None:
        """The figures are here; the notice and the village's yearly form have pages of their own."""
        editor = self._figures.get(field) or self._figures.get(field.removeprefix("village.indicators."))
        if editor is not None:
            editor.setFocus()
        elif field in _OF_THE_NOTICE:
            self._on_notice()
        else:
            page, place = place_of(field, "")
            self._context.navigator.go(page, **place)

    def _on_notice(self, kind: str = "village_exit") -> None:
        """To the notice of the attempt, or to its draft where there is none that stands."""
        shown = self.case
        if shown is None:
            self._context.messages.tell(say("Save the figures first; the notice shows them."), "warn")
            return
        notices = [each for each in self._context.desk.notices.all() if shown.case.id in each.notice.case_ids]
        there = next((each for each in notices if each.notice.kind == kind and each.notice.state != "withdrawn"), None)
        if there is not None:
            self._context.navigator.go("notices", notice_id=there.notice.id)
        elif shown.case.id in self._context.desk.posting.waiting(kind, shown.case.year):
            self._context.navigator.go("notices", draft_for=[shown.case.id], kind=kind, year=shown.case.year)
        else:
            text = say("This notice comes after the steps before it. Now: {state}.", state=shown.state_title)
            self._context.messages.tell(text, "warn")

    def _do(self, verb: Any) -> None:
        with self._context.messages.telling():
            change = verb()
            self._ask()
            self._context.tell_change(change, self)
            self._context.messages.tell(say("Saved."), "ok")

    def _on_changed(self, _change: object, initiator: object) -> None:
        if initiator is not self and self.isVisible():
            self._ask()


def _facts(case: VillageExitDraft) -> QWidget:
    lines = QVBoxLayout()
    said = (
        (tr("Applied on"), str(case.applied_on or "")),
        (tr("On the board"), f"{case.notice_from} — {case.notice_until}" if case.notice_from else ""),
        (tr("Approved on"), f"{case.approved_on or ''} {case.approval}".strip()),
        (tr("Announced on"), str(case.announced_on or "")),
        (tr("Sent back"), case.returned_reason),
    )
    for title, words in said:
        if words:
            line = QHBoxLayout()
            line.addWidget(label(title, "label"))
            line.addWidget(label(words, wrap=True), 1)
            lines.addLayout(line)
    return card(lines, heading=tr("What is known"))
