"""Objections to a notice. Their author is no field: it reaches neither paper nor village committee (DOMAIN §5.6)."""

from __future__ import annotations

from collections.abc import Callable, Container, Sequence
from datetime import date
from functools import partial
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QCheckBox, QFrame, QHBoxLayout, QPushButton, QVBoxLayout, QWidget

from ui import style
from ui.fields.choices import CodeField, Option
from ui.fields.editor import chain
from ui.fields.lines import text_field
from ui.fields.rows import FieldRow
from ui.page import button, label
from villagedesk.drafts.notice import NoticeDraft, ObjectionDraft
from villagedesk.text import Text, say, tr

_NAMED = {"": None, "1": True, "0": False}


class ObjectionsCard(QFrame):
    """Registers objections while the notice hangs, and their answers."""

    verb_wanted = Signal(object)

    def __init__(self, today: Callable[[], date], channels: Sequence[Option], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("card")
        self._today = today
        self._notice = NoticeDraft()
        self._late: Container[str] = ()
        self._text = text_field(say("What is objected to (no name of the person who objects)"))
        self._text.setAccessibleName(tr("Objection"))
        self._case = CodeField(())
        self._channel = CodeField(channels)
        self._words = {each.key: each.word for each in channels}
        self._named = CodeField((Option("1", tr("Under a name")), Option("0", tr("Anonymous"))))
        self._public = QCheckBox(tr("Publish the result"))
        self._by = text_field(say("By whom (two persons)"))
        self._by.setAccessibleName(tr("By whom (two persons)"))
        self._found = text_field(say("What two persons found when they looked into it"))
        self._found.setAccessibleName(tr("What the inquiry found"))
        self._opinion = text_field(say("The decision and its grounds, as it is told to the person"))
        self._opinion.setAccessibleName(tr("Decision"))
        self._register = button(say("Register"), "add", self._on_register)
        self._lines = QVBoxLayout()
        self._assemble()

    def _assemble(self) -> None:
        answer = QHBoxLayout()
        answer.addWidget(self._by)
        answer.addWidget(self._found, 1)
        answer.addWidget(self._opinion, 1)
        answer.addWidget(self._public)
        self._lines.setSpacing(2)
        head = QHBoxLayout()
        head.addWidget(label(tr("Objections"), "heading"))
        head.addWidget(self._text, 1)
        more = QHBoxLayout()
        for name, field in (
            (tr("About which household"), self._case), (tr("How it came"), self._channel),
            (tr("Named or anonymous"), self._named),
        ):  # fmt: skip
            more.addWidget(FieldRow(name, field), 1)
        more.addWidget(self._register, 0, Qt.AlignmentFlag.AlignBottom)
        column = QVBoxLayout(self)
        gap = style.letters()
        column.setContentsMargins(gap, gap // 2, gap, gap // 2)
        column.addLayout(head)
        column.addLayout(more)
        column.addLayout(self._lines)
        column.addLayout(answer)

    def show_notice(
        self,
        notice: NoticeDraft,
        objections: Sequence[ObjectionDraft],
        cases: Sequence[Option],
        late: Container[str] = (),
    ) -> None:
        """Show the objections to a notice; hidden before it hangs. Those ``late`` can be reported upward."""
        self._notice, self._late = notice, late
        for entry in (self._text, self._case, self._channel, self._named):
            entry.show_value("")
        self._case.offer(cases)
        while self._lines.count():
            item = self._lines.takeAt(0)
            widget = item.widget() if item is not None else None
            if widget is not None:
                widget.deleteLater()
        for objection in objections:
            self._lines.addWidget(self._line(objection))
        pending = any(objection.answered_on is None for objection in objections)
        for field in (self._by, self._found, self._opinion):
            field.show_value("")
            field.setVisible(pending)
        self._public.setChecked(False)
        self._public.setVisible(pending)
        self.setVisible(notice.posted_on is not None or bool(objections))
        self._order_tabs()

    def _order_tabs(self) -> None:
        """The cursor goes through the entry, then the answer, then what can be done with each objection."""
        ways = [each for each in self.findChildren(QPushButton) if each.property("objection")]
        chain(None, (self._text, self._case, self._channel, self._named, self._register,
                     self._by, self._found, self._opinion, self._public, *ways))  # fmt: skip

    def _line(self, objection: ObjectionDraft) -> QWidget:
        made = QWidget()
        line = QHBoxLayout(made)
        line.setContentsMargins(0, 0, 0, 0)
        said = QVBoxLayout()
        said.setSpacing(0)
        said.addWidget(label(objection.text, wrap=True))
        if came := self._came(objection):
            said.addWidget(label(came, "hint", wrap=True))
        line.addLayout(said, 1)
        if objection.answered_on is not None:
            outcome = tr("upheld") if objection.upheld else tr("not upheld")
            line.addWidget(label(outcome, tone="warn" if objection.upheld else "ok", badge=True),
                           0, Qt.AlignmentFlag.AlignVCenter)  # fmt: skip
        for words, on_press, kind in self._ways(objection):
            way = button(words, "", partial(on_press, objection.id), kind=kind)
            way.setProperty("objection", objection.id)
            line.addWidget(way)
        return made

    def _came(self, objection: ObjectionDraft) -> str:
        """The day, the way it came, and whether under a name; never the name."""
        named = {True: tr("Under a name"), False: tr("Anonymous"), None: ""}[objection.named]
        day = objection.received_on.isoformat() if objection.received_on else ""
        way = self._words.get(objection.channel, objection.channel)
        return " · ".join(filter(None, (day, way, named)))

    def _ways(self, objection: ObjectionDraft) -> list[tuple[Text, Callable[[str], None], str]]:
        """What can be done with an objection now: word, deed, kind of button."""
        if objection.closed_on is not None:
            return []
        if objection.answered_on is not None:
            return [
                (say("Result made public"), self._on_publish, ""),
                (say("Close without"), self._on_close, "link"),
            ]
        ways: list[tuple[Text, Callable[[str], None], str]] = [
            (say("Not upheld"), partial(self._on_settle, upheld=False), ""),
            (say("Upheld"), partial(self._on_settle, upheld=True), ""),
        ]
        if objection.state == "registered":
            ways.append((say("Not taken up"), self._on_decline, "link"))
        if objection.id in self._late:
            ways.append((say("Late: report it"), self._on_escalate, "link"))
        return ways

    def _on_register(self) -> None:
        text, notice = self._text.value() or "", self._notice
        draft = ObjectionDraft(
            notice_id=notice.id, case_id=self._case.value(), received_on=self._today(), text=text,
            channel=self._channel.value(), named=_NAMED[self._named.value()],
        )  # fmt: skip
        self._want(lambda desk: desk.objections.register(draft, tr("objection to the notice")))

    def _on_settle(self, objection_id: str, *, upheld: bool) -> None:
        found, opinion, today = self._found.value() or "", self._opinion.value() or "", self._today()
        reason, by, public = tr("answer to the objection"), self._by.value() or "", self._public.isChecked()

        def verb(desk: Any) -> Any:
            conclude = desk.objections.answer if public else desk.objections.settle
            return conclude(objection_id, found, opinion, upheld, today, reason, by=by)

        self._want(verb)

    def _on_publish(self, objection_id: str) -> None:
        self._want(lambda desk: desk.objections.publish(objection_id, tr("result made public")))

    def _on_close(self, objection_id: str) -> None:
        self._want(lambda desk: desk.objections.take(objection_id, "close", tr("answer to the objection")))

    def _on_decline(self, objection_id: str) -> None:
        why, today = self._opinion.value() or "", self._today()
        self._want(lambda desk: desk.objections.decline(objection_id, why, today))

    def _on_escalate(self, objection_id: str) -> None:
        why = self._opinion.value() or ""
        self._want(lambda desk: desk.objections.take(objection_id, "escalate", why))

    def _want(self, verb: Callable[[Any], Any]) -> None:
        self.verb_wanted.emit(verb)
