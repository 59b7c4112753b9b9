"""Objections to a notice. Their author is no field: it reaches neither paper nor village committee (DOMAIN §5.6)."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from datetime import date
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QFrame, QHBoxLayout, QVBoxLayout, QWidget

from ui import style
from ui.fields.choices import CodeField, Option
from ui.fields.lines import text_field
from ui.page import button, label
from villagedesk.drafts.notice import NoticeDraft, ObjectionDraft
from villagedesk.text import say, tr


class ObjectionsCard(QFrame):
    """Registers objections while the notice hangs, and their answers."""

    verb_wanted = Signal(object)

    def __init__(self, today: Callable[[], date], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._today = today
        self._notice = NoticeDraft()
        self._late: Container[str] = ()
        self._text = text_field(say("What is objected to (no name of the person who objects)"))
        self._text.setAccessibleName(tr("Objection"))
        self._case = CodeField(())
        self._case.setAccessibleName(tr("About which household"))
        self._case.setToolTip(tr("About which household"))
        self._case.setMinimumWidth(style.letters() * 9)
        self._by = text_field(say("By whom (two persons)"))
        self._by.setAccessibleName(tr("By whom (two persons)"))
        self._found = text_field(say("What two persons found when they looked into it"))
        self._found.setAccessibleName(tr("What was found"))
        self._opinion = text_field(say("The decision and its grounds, as it is told to the person"))
        self._opinion.setAccessibleName(tr("Decision"))
        self._answer = QHBoxLayout()
        self._answer.addWidget(self._by)
        self._answer.addWidget(self._found, 1)
        self._answer.addWidget(self._opinion, 1)
        self._lines = QVBoxLayout()
        self._lines.setSpacing(2)
        head = QHBoxLayout()
        head.addWidget(label(tr("Objections"), "heading"))
        head.addWidget(self._text, 1)
        head.addWidget(self._case)
        head.addWidget(button(say("Register"), "add", self._on_register))
        column = QVBoxLayout(self)
        gap = style.letters()
        column.setContentsMargins(gap, gap // 2, gap, gap // 2)
        column.addLayout(head)
        column.addLayout(self._lines)
        column.addLayout(self._answer)

    def show_notice(
        self,
        notice: NoticeDraft,
        objections: Sequence[ObjectionDraft],
        cases: Sequence[Option],
        late: Container[str] = (),
    ) -> None:
        """Show the objections to a notice; hidden before it hangs. Those ``late`` can be reported upward."""
        self._notice, self._late = notice, late
        self._text.show_value("")
        self._case.show_value("")
        self._case.offer(cases)
        while self._lines.count():
            item = self._lines.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.deleteLater()
        for objection in objections:
            self._lines.addWidget(self._line(objection))
        pending = any(objection.closed_on is None for objection in objections)
        for field in (self._by, self._found, self._opinion):
            field.show_value("")
            field.setVisible(pending)
        self.setVisible(notice.posted_on is not None or bool(objections))

    def _line(self, objection: ObjectionDraft) -> QWidget:
        made = QWidget()
        line = QHBoxLayout(made)
        line.setContentsMargins(0, 0, 0, 0)
        line.addWidget(label(objection.text, wrap=True), 1)
        if objection.closed_on is not None:
            outcome = tr("upheld") if objection.upheld else tr("not upheld")
            line.addWidget(label(outcome, tone="warn" if objection.upheld else "ok", badge=True))
            return made
        for upheld, words in ((False, say("Not upheld")), (True, say("Upheld"))):
            settle = button(words, "", self._on_settle)
            settle.setProperty("objection", objection.id)
            settle.setProperty("upheld", upheld)
            line.addWidget(settle)
        others = [(say("Not taken up"), self._on_decline)] if objection.state == "registered" else []
        others += [(say("Late: report it"), self._on_escalate)] if objection.id in self._late else []
        for words, on_press in others:
            other = button(words, "", on_press, kind="link")
            other.setProperty("objection", objection.id)
            line.addWidget(other)
        return made

    def _on_register(self) -> None:
        text, notice = self._text.value() or "", self._notice
        draft = ObjectionDraft(notice_id=notice.id, case_id=self._case.value(), received_on=self._today(), text=text)
        self._want(lambda desk: desk.objections.register(draft, tr("objection to the notice")))

    def _on_settle(self) -> None:
        objection_id, upheld = self.sender().property("objection"), bool(self.sender().property("upheld"))
        found, opinion, today = self._found.value() or "", self._opinion.value() or "", self._today()
        reason, by = tr("answer to the objection"), self._by.value() or ""
        self._want(lambda desk: desk.objections.settle(objection_id, found, opinion, upheld, today, reason, by=by))

    def _on_decline(self) -> None:
        objection_id, why, today = self.sender().property("objection"), self._opinion.value() or "", self._today()
        self._want(lambda desk: desk.objections.decline(objection_id, why, today))

    def _on_escalate(self) -> None:
        objection_id, why = self.sender().property("objection"), self._opinion.value() or ""
        self._want(lambda desk: desk.objections.take(objection_id, "escalate", why))

    def _want(self, verb: Callable[[Any], Any]) -> None:
        self.verb_wanted.emit(verb)
