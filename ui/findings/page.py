"""What the logic rules found, before the township finds it: filter, mend, or accept with a reason."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QComboBox

from ui import style
from ui.context import Context
from ui.findings.exemption import ExemptionDialog
from ui.icons import icon
from ui.mending import place_of
from ui.page import Page, button, label, row
from ui.stack import Sheets
from ui.tables import Column, EmptyState, PagedTable, TableView
from villagedesk.text import Text, say, tr

if TYPE_CHECKING:
    from villagedesk.policy.checks.run import CheckReport, Finding

_ACCEPTED = "accepted"
CLASSES: dict[str, tuple[Text, str, str]] = {
    "E": (say("Error"), "problem", "problem"),
    "S": (say("Suspicious"), "warn", "warn"),
    "R": (say("Reminder"), "info", "muted"),
}


class FindingsPage(Page):
    """The list of findings of the whole village."""

    def __init__(self, context: Context) -> None:
        super().__init__(tr("Findings"), tr("The rules the township will run, run here first. Enter opens the field."))
        self._context = context
        self._report: CheckReport | None = None
        self._wanted = self._wanted_rule = ""
        self._class = QComboBox()
        self._class.setAccessibleName(tr("Class"))
        self._rule = QComboBox()
        self._rule.setAccessibleName(tr("Rule"))
        self._group = QComboBox()
        self._group.setAccessibleName(tr("Grouping"))
        for box in (self._class, self._rule, self._group):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToContents)
        self._count = label("", "hint")
        self.model = PagedTable[Any](_columns(), self)
        self.table = TableView(self.model, tr("Findings"))
        self._source = label("", "hint", wrap=True)
        self._body = Sheets()
        self._empty = EmptyState("")
        self._assemble()
        self._class.activated.connect(self._show)
        self._rule.activated.connect(self._show)
        self._group.activated.connect(self._show)
        self.table.opened.connect(self._on_opened)
        self.table.selectionModel().currentRowChanged.connect(self._show_source)
        context.changes.changed.connect(self._on_changed)

    def show_place(self, **place: Any) -> None:
        """Run the rules; ``class_`` and ``rule`` filter."""
        self._wanted, self._wanted_rule = place.get("class_", ""), place.get("rule", "")
        self._run()

    def _assemble(self) -> None:
        self.add_button(button(say("Mend"), "mend", self._on_mend))
        self._accept = button(say("Accept with a reason"), "ok", self._on_exempt)
        self._reopen = button(say("Let it count again"), "undo", self._on_reopen)
        self.add_button(self._accept)
        self.add_button(self._reopen)
        self.add_button(button(say("Lists of other offices"), "import", self._on_lists))
        self.add_button(button(say("Print the report"), "print", self._on_print))
        self.add_button(button(say("Save as a list"), "export", self._on_export))
        for key, word in (("class_", tr("Grouped by class")), ("household_no", tr("Grouped by household")),
                          ("rule", tr("Grouped by rule"))):  # fmt: skip
            self._group.addItem(word, key)
        self.column.addLayout(row(self._class, self._rule, self._group, self._count))
        self._body.addWidget(self.table)
        self._body.addWidget(self._empty)
        self.column.addWidget(self._body, 1)
        self.column.addWidget(self._source)

    def _run(self) -> None:
        checks = self._context.desk.checks
        self._context.jobs.store(say("Checking"), lambda step: checks.run(step=step), self._on_report)

    def _on_report(self, report: CheckReport) -> None:
        self._report = report
        self._fill_filters(report)
        self._show()

    def _fill_filters(self, report: CheckReport) -> None:
        rule_wanted = self._wanted_rule or ("" if self._wanted else self._rule.currentData() or "")
        chosen = (self._wanted or ("" if self._wanted_rule else self._class.currentData() or ""), rule_wanted)
        self._wanted = self._wanted_rule = ""
        self._class.clear()
        self._class.addItem(tr("All classes"), "")
        for key, (word, _sign, _tone) in CLASSES.items():
            self._class.addItem(tr("{word} ({n})", word=word, n=report.counts[key]), key)
        self._class.addItem(tr("Accepted ({n})", n=len(report.exempted)), _ACCEPTED)
        self._rule.clear()
        self._rule.addItem(tr("All rules"), "")
        for rule in sorted({finding.rule for finding in report.findings}):
            count = sum(finding.rule == rule for finding in report.findings)
            self._rule.addItem(f"{rule} ({count})", rule)
        for box, value in zip((self._class, self._rule), chosen, strict=True):
            box.setCurrentIndex(max(0, box.findData(value)))

    def _show(self) -> None:
        if self._report is None:
            return
        class_, rule = self._class.currentData(), self._rule.currentData()
        accepted = class_ == _ACCEPTED
        self._accept.setVisible(not accepted)
        self._reopen.setVisible(accepted)
        shown = [
            finding
            for finding in (self._report.exempted if accepted else self._report.findings)
            if class_ in ("", finding.class_, _ACCEPTED) and rule in ("", finding.rule)
        ]
        by = self._group.currentData()
        shown.sort(key=(lambda one: list(CLASSES).index(one.class_)) if by == "class_" else attrgetter(by))
        at = self.table.currentIndex().row()
        self.model.show_rows(shown)
        self._count.setText(tr("{n} {n:finding|findings}, {m} accepted", n=len(shown), m=len(self._report.exempted)))
        self._empty.say(tr("No finding. Run it again after the next import."))
        self._body.setCurrentIndex(0 if shown else 1)
        self._source.setVisible(bool(shown))
        if shown:
            self.table.selectRow(min(max(at, 0), len(shown) - 1))

    def _show_source(self) -> None:
        """Below the list: where the rule of the finding under the cursor comes from."""
        finding: Finding | None = self.table.current_row()
        source = self._context.desk.sources.of_rule(finding.rule) if finding is not None else None
        told = tr("{rule}: {source}", rule=finding.rule, source=source.told) if finding and source else ""
        self._source.setText(told)
        self._source.setVisible(bool(told))
        self.table.setWhatsThis(told)
        self.table.setAccessibleDescription(told)

    def _on_opened(self, finding: Finding) -> None:
        page, place = place_of(finding.field, finding.household_id, finding.member_at, finding.record_id)
        self._context.navigator.go(page, **place)

    def _on_mend(self) -> None:
        finding = self.table.current_row()
        if finding is not None:
            self._on_opened(finding)

    def _on_exempt(self) -> None:
        finding = self.table.current_row()
        if finding is None:
            return
        site = self._context.desk.site
        dialog = ExemptionDialog(finding, site.store.author or tr("work team"), site.today(), self)
        if not self._context.messages.show_dialog(dialog):
            return
        with self._context.messages.telling():
            change = self._context.desk.checks.exempt(dialog.draft, dialog.draft.reason)
            self._context.tell_change(change, self)
            self._run()

    def _on_reopen(self) -> None:
        finding = self.table.current_row()
        if finding is None:
            return
        reason = self._context.messages.ask_line(say("Why does it count again?"))
        if not reason:
            return
        key = (finding.rule, finding.household_id, finding.member_id)
        checks = self._context.desk.checks
        for one in checks.exemptions():
            if (one.rule, one.household_id, one.member_id) == key:
                self._context.tell_change(checks.reopen(one.id, reason), self)
        self._run()

    def _on_lists(self) -> None:
        self._context.navigator.go("from-township")

    def _on_print(self) -> None:
        self._context.navigator.go("papers", kind="findings_report", year=self._context.desk.site.today().year)

    def _on_export(self) -> None:
        report = self._report
        target = self._context.messages.save_file(say("Save as a list"), tr("findings") + ".xlsx", "Excel (*.xlsx)")
        if target is None or report is None:
            return
        with self._context.messages.telling():
            self._context.desk.rosters.write_findings(report, target)
            self._context.messages.tell_saved(target)

    def _on_changed(self, _change: object, initiator: object) -> None:
        if initiator is not self and self.isVisible():
            self._run()


def _columns() -> Sequence[Column[Any]]:
    return (
        Column(say("Class"), lambda f: str(CLASSES[f.class_][0]), 6, sign=_sign, tone=lambda f: CLASSES[f.class_][2]),
        Column(say("Rule"), lambda f: f.rule, 4),
        Column(say("Household"), lambda f: f.household_no, 10),
        Column(say("Person"), lambda f: f.screen_name, 6),
        Column(say("What was found"), lambda f: str(f.message), 50, tip=lambda f: str(f.message)),
    )


def _sign(finding: Finding) -> QIcon:
    _word, sign, tone = CLASSES[finding.class_]
    return icon(sign, getattr(style.tokens(), tone))
