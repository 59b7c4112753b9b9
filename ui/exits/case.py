"""One exit case: where it stands, what is in its way and where that is mended, the records, the signatures."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

from PySide6.QtCore import QSize, Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QLabel, QVBoxLayout, QWidget

from ui import style
from ui.asking import Deed
from ui.context import Context
from ui.exits.evidence import EvidenceTab
from ui.exits.papers import CasePapersTab
from ui.exits.records import RecordsTab
from ui.exits.signatures import SignaturesTab
from ui.exits.steps import StepBar
from ui.exits.taking import by_notice, taking, tell_taken
from ui.exits.widgets import clear
from ui.icons import drawing
from ui.mending import place_of
from ui.page import bar, button, card, label, row
from ui.tabs import Tabs
from villagedesk.policy.cases import Blocker
from villagedesk.policy.criteria import Assessment
from villagedesk.policy.sources import Source
from villagedesk.services.exits import ExitRow, Taken
from villagedesk.text import say, tr

_TABS = ("conditions", "proofs", "records", "signatures", "papers")
_SIGNS = {"met": ("ok", "ok"), "unmet": ("problem", "problem"), "unknown": ("unknown", "warn")}


class CasePanel(QWidget):
    """The case under the cursor of the year's list."""

    changed = Signal()

    def __init__(self, context: Context, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._context = context
        self._deed = Deed(context, self)
        self._row: ExitRow | None = None
        self._name = label("", "heading", wrap=True)
        self._state = label("", badge=True)
        self._open = button(say("Household file"), "households", self._on_open, kind="link")
        self._steps = StepBar()
        self._conditions = QVBoxLayout()
        self.tabs = Tabs()
        self._add_tabs()
        self._assemble()
        self._steps.step_wanted.connect(self._on_step)

    @property
    def records(self) -> RecordsTab:
        """Check at the door, meeting, answer."""
        return self._records.widget

    @property
    def signatures(self) -> SignaturesTab:
        """Who has signed."""
        return self._signatures.widget

    @property
    def evidence(self) -> EvidenceTab:
        """What the conditions rest on."""
        return self._evidence.widget

    @property
    def papers(self) -> CasePapersTab:
        """The papers of the case."""
        return self._papers.widget

    def show_case(self, row: ExitRow | None) -> None:
        """Show another case; None shows nothing."""
        self._row = row
        self.setVisible(row is not None)
        if row is None:
            return
        head = row.household.head
        self._name.setText(
            tr(
                "{name}, {group}, {n} {n:person|persons}",
                name=head.name if head else row.household.no,
                group=row.household.group,
                n=len(row.household.living),
            )
        )
        self._state.setText(row.state_title)
        self._steps.show_steps(row.steps)
        self.tabs.refresh()

    def minimumSizeHint(self) -> QSize:
        """The room that the tabs need in letters of this size, and what stands in them, so that nothing is cut off."""
        tabs = self.tabs.tabBar().sizeHint().width() + style.letters()
        return super().minimumSizeHint().expandedTo(QSize(tabs, 0))

    def show_tab(self, name: str) -> None:
        """Bring a tab to the front: conditions, proofs, records, signatures or papers."""
        if name in _TABS:
            self.tabs.setCurrentIndex(_TABS.index(name))

    def _add_tabs(self) -> None:
        add = self.tabs.add
        add(tr("Conditions"), self._make_conditions, self._fill_conditions, scroll=True)
        self._evidence = add(tr("Proofs"), self._make_evidence, self._fill, scroll=True)
        self._records = add(tr("Door check"), self._make_records, self._fill, scroll=True)
        self._signatures = add(self._context.desk.profile.signoff.name, self._make_signatures, self._fill, scroll=True)
        self._papers = add(tr("Papers"), partial(CasePapersTab, self._context), self._fill, scroll=True)

    def _make_conditions(self) -> QWidget:
        made = QWidget()
        made.setLayout(self._conditions)
        self._conditions.setContentsMargins(0, 0, 0, 0)
        return made

    def _make_evidence(self) -> EvidenceTab:
        made = EvidenceTab(self._context)
        made.changed.connect(self.changed)
        return made

    def _make_records(self) -> RecordsTab:
        made = RecordsTab(self._context.desk.profile)
        made.save_wanted.connect(self._do)
        return made

    def _make_signatures(self) -> SignaturesTab:
        made = SignaturesTab(self._context.desk.exits.scheme_of, self._context.desk.profile.signoff.mark_kinds)
        made.save_wanted.connect(self._on_sign)
        made.discard_wanted.connect(self._on_discard)
        return made

    def _fill(self, tab: EvidenceTab | RecordsTab | SignaturesTab | CasePapersTab) -> None:
        if self._row is not None:
            tab.show_case(self._row)

    def _fill_conditions(self, _tab: QWidget) -> None:
        if self._row is not None:
            self._show_conditions(self._row)

    def _assemble(self) -> None:
        head = bar(self._name, self._state, self._open)
        papers = row()
        for kind, words in (("signoff_sheet", say("Sign-off sheet")), ("exit_record", say("Exit record"))):
            papers.addWidget(button(words, "print", partial(self._on_print, kind)))
        column = QVBoxLayout(self)
        column.setContentsMargins(style.letters() // 2, 0, 0, 0)
        column.addLayout(head)
        column.addWidget(self._steps)
        column.addLayout(papers)
        column.addWidget(self.tabs, 1)

    def _show_conditions(self, row: ExitRow) -> None:
        clear(self._conditions)
        hard = [blocker for blocker in row.blockers if blocker.hard]
        soft = [blocker for blocker in row.blockers if not blocker.hard]
        criteria = QVBoxLayout()
        for one in row.assessments:
            criteria.addWidget(self._criterion(one))
        self._conditions.addWidget(card(criteria, heading=tr("Conditions")))
        for title, blockers, sign in ((tr("In the way"), hard, "problem"), (tr("To be noted"), soft, "warn")):
            if blockers:
                lines = QVBoxLayout()
                for blocker in blockers:
                    lines.addWidget(self._blocker(blocker, sign))
                self._conditions.addWidget(card(lines, heading=f"{title} ({len(blockers)})"))

    def _criterion(self, one: Assessment) -> QWidget:
        sign, tone = _SIGNS.get(one.result, ("unknown", "warn"))
        mend = one.mend if one.result != "met" else ""
        source = self._context.desk.sources.of_criterion(one.key)
        return self._line(sign, tone, one.text, str(one.because), mend, source)

    def _blocker(self, blocker: Blocker, sign: str) -> QWidget:
        source = self._context.desk.sources.of_blocker(blocker.rule or blocker.key)
        return self._line(sign, sign, str(blocker.text), str(blocker.remedy), blocker.field, source)

    def _line(self, sign: str, tone: str, text: str, hint: str, field: str, source: Source | None) -> QWidget:
        made = QFrame()
        line = QHBoxLayout(made)
        line.setContentsMargins(0, 2, 0, 2)
        picture = QLabel()
        unit = round(style.letters() * 1.3)
        picture.setPixmap(drawing(sign, getattr(style.tokens(), tone), unit))
        words = QVBoxLayout()
        words.setSpacing(0)
        words.addWidget(label(text, wrap=True))
        if source is not None and source.ids:
            hint = tr("{text} ({source})", text=hint, source=source.ids)
        if hint:
            words.addWidget(label(hint, "hint", wrap=True))
        told = str(source.told) if source is not None else ""
        made.setToolTip(told)
        line.addWidget(picture)
        line.addLayout(words, 1)
        if field:
            mend = button(say("Mend"), "mend", partial(self._on_mend, field), kind="link")
            mend.setAccessibleName(tr("Mend: {text}", text=text))
            mend.setWhatsThis(told)
            line.addWidget(mend)
        return made

    def _on_mend(self, field: str) -> None:
        if self._row is None:
            return
        page, place = place_of(field, self._row.household.id)
        if page == "exits":
            self.show_tab(str(place.get("tab", "signatures" if "sign" in field else "records")))
            return
        if page == "notices":
            place = {"notice_id": self._row.case.notice_id}
        elif page == "evaluations":
            place = {"evaluation_id": self._row.case.evaluation_id}
        self._context.navigator.go(page, **place)

    def _on_open(self) -> None:
        if self._row is not None:
            self._context.navigator.go("household", household_id=self._row.household.id)

    def _on_print(self, kind: str) -> None:
        if self._row is not None:
            case = self._row.case
            self._context.navigator.go("papers", kind=kind, household_id=case.household_id, year=case.year)

    def _on_step(self, verb: str) -> None:
        row = self._row
        step = next((step for step in row.steps if step.verb == verb), None) if row else None
        if row is None or step is None:
            return
        if by_notice(self._context.desk.exits.procedure, verb):
            self._go_to_notice(row)
            return
        work = taking(self._context, step, [row], self)
        if work is not None:
            self._deed.do(step.title, work, self._on_taken)

    def _on_taken(self, taken: Taken) -> None:
        self._context.tell_change(taken.change, self)
        tell_taken(self._context, taken, 1, self.changed.emit)

    def _go_to_notice(self, row: ExitRow) -> None:
        """To the notice on which the case stands, or to the draft of one."""
        notices = self._context.desk.notices.all()
        there = [each.notice for each in notices if row.case.id in each.notice.case_ids and each.notice.kind == "exit"]
        standing = next((each for each in reversed(there) if each.state != "withdrawn"), None)
        draft = {"draft_for": (row.case.id,), "year": row.case.year}
        self._context.navigator.go("notices", **({"notice_id": standing.id} if standing else draft))

    def _on_sign(self) -> None:
        typed = self._signatures.made
        if self._row is not None and typed is not None:
            case_id, marks = self._row.case.id, typed.marks
            self._do(lambda exits: exits.sign(case_id, marks, tr("marks on the signed sheet")))

    def _on_discard(self) -> None:
        row = self._row
        if row is None:
            return
        reason = self._context.messages.ask_line(say("Why has the sheet to be signed anew?"))
        if reason:
            self._do(lambda exits: exits.discard_signatures(row.case.id, reason))

    def _do(self, verb: Callable[[Any], Any]) -> None:
        with self._context.messages.telling():
            change = verb(self._context.desk.exits)
            if change is None:
                return
            self._context.messages.tell(say("Saved."), "ok")
            self._context.tell_change(change, self)
            self.changed.emit()
