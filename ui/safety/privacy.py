"""The people the data are about: what is kept on one, what one asks; and the end of the team's time here."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QComboBox, QLineEdit

from ui import style
from ui.context import Context
from ui.fields.choices import CodeField, Option
from ui.fields.lines import date_field
from ui.fields.rows import FieldRow, grid
from ui.page import Page, button, card, label, row, scrolled
from ui.stack import Sheets
from ui.tables import Column, EmptyState, PagedTable, TableView
from villagedesk.drafts.privacy import PersonRequestDraft
from villagedesk.errors import Refused, VillageDeskError
from villagedesk.text import say, tr

if TYPE_CHECKING:
    from villagedesk.services.leaving import Standing

_MOST = 20


class PrivacyPage(Page):
    """Find a person, print what is kept, write down what is asked; below, leaving."""

    def __init__(self, context: Context) -> None:
        super().__init__(
            tr("Personal data"),
            tr("Everybody may see what is kept, have it corrected, and object; nobody has to say why."),
        )
        self._context = context
        self._find = QLineEdit()
        self._find.setPlaceholderText(tr("Name, pinyin initials or end of the ID number"))
        self._person = QComboBox()
        codes = context.desk.site.codes
        self._kind = CodeField([Option(key, word) for key, word in codes.choices("person_request")])
        self._asked_on = date_field()
        self._words = QLineEdit()
        self.rows = {
            "find": FieldRow(tr("Find the person"), self._find),
            "member_id": FieldRow(tr("Person"), self._person),
            "kind": FieldRow(tr("What is asked"), self._kind),
            "asked_on": FieldRow(tr("Asked on"), self._asked_on),
            "about": FieldRow(tr("In the person's own words"), self._words),
        }
        self.requests = PagedTable[PersonRequestDraft](self._columns(), self)
        self.table = TableView(self.requests, tr("Requests"))
        self._body = Sheets()
        self._names: dict[str, str] = {}
        self._standing = label("", wrap=True)
        self._assemble()

    def show_place(self, **place: Any) -> None:
        """Show the requests and how the desk stands; ``name`` looks a person up."""
        desk = self._context.desk
        requests = desk.persons.requests()
        self._names = desk.lists.names([each.member_id for each in requests])
        self.requests.show_rows(requests)
        self._body.setCurrentIndex(0 if requests else 1)
        self._standing.setText("\n".join(_lines(desk.leaving.standing())))
        self._asked_on.show_value(desk.site.today())
        if place.get("name"):
            self._find.setText(str(place["name"]))

    def _assemble(self) -> None:
        self._find.textChanged.connect(self._on_find)
        extract = button(say("Print what is kept on this person"), "print", self._on_extract, kind="primary")
        ask = button(say("Write the request down"), "add", self._on_ask)
        person = card(
            grid([self.rows["find"], self.rows["member_id"]], 3), row(extract),
            grid([self.rows["kind"], self.rows["asked_on"], (self.rows["about"], 2)], 4), row(ask),
            heading=tr("A person asks"),
        )  # fmt: skip
        self._body.addWidget(self.table)
        self._body.addWidget(EmptyState(tr("Nobody has asked yet.")))
        self._body.setMinimumHeight(style.letters() * 11)
        asked = card(self._body, row(button(say("Answer"), "mend", self._on_answer)), heading=tr("Requests"))
        leaving = card(
            label(
                tr("Hand over with a backup, the recovery sheet and the keys; then take the desk off this laptop."),
                "hint", wrap=True,
            ),
            self._standing, row(button(say("Take this desk off the laptop…"), "remove", self._on_take_off)),
            heading=tr("The team leaves"),
        )  # fmt: skip
        self.column.addWidget(scrolled(person, asked, leaving), 1)

    def _columns(self) -> tuple[Column[PersonRequestDraft], ...]:
        codes = self._context.desk.site.codes
        return (
            Column(say("Asked on"), lambda each: each.asked_on.isoformat() if each.asked_on else "", 9),
            Column(say("Person"), lambda each: self._names.get(each.member_id, "—"), 10),
            Column(say("What is asked"), lambda each: codes.word("person_request", each.kind), 12),
            Column(say("In the person's own words"), lambda each: each.about, 22),
            Column(say("Answer"), lambda each: each.answer or tr("not answered yet"), 22,
                   tone=lambda each: "" if each.answered_on else "warn"),
        )  # fmt: skip

    def _on_find(self, text: str) -> None:
        self._person.clear()
        hits = self._context.desk.lists.find(text, _MOST) if text.strip() else ()
        for hit in hits:
            if hit.member_id:
                self._person.addItem(f"{hit.name}    {hit.group}    {hit.household_no}", hit.member_id)

    def _chosen(self) -> str:
        return str(self._person.currentData() or "")

    def _on_extract(self) -> None:
        person = self._chosen()
        if not person:
            self.rows["member_id"].show_problem(tr("Find and choose the person first."))
            return
        context = self._context
        if not context.desk.users.may("read_restricted"):
            context.messages.tell(say("Your role does not allow this. Ask the team leader."))
            return
        with context.messages.telling():
            printed = context.desk.papers.print("personal_extract", [person], tr("asked for by the person"))
            from ui.papers.output import PaperOutput

            rendered = printed[0].rendered
            PaperOutput(self, context.jobs, context.messages, context.remembered).print(rendered.pdf, rendered.pages)

    def _on_ask(self) -> None:
        for shown in self.rows.values():
            shown.show_problem("")
        draft = PersonRequestDraft(
            member_id=self._chosen(),
            kind=self._kind.value(),
            asked_on=self._asked_on.value(),
            about=self._words.text().strip(),
        )
        try:
            self._context.desk.persons.ask(draft, tr("asked by the person"))
        except Refused as refusal:
            for problem in refusal.problems:
                if problem.field in self.rows:
                    self.rows[problem.field].show_problem(str(problem.text))
            return
        except VillageDeskError as error:
            self._context.messages.tell_error(error)
            return
        self._words.clear()
        self._context.messages.tell(say("Written down."), "ok")
        self.show_place()

    def _on_answer(self) -> None:
        chosen: PersonRequestDraft | None = self.table.current_row()
        if chosen is None:
            self._context.messages.tell(say("Choose a request in the list first."))
            return
        answer = self._context.messages.ask_line(say("What was done, or why it cannot be done"), value=chosen.answer)
        if answer is not None:
            desk = self._context.desk
            try:
                desk.persons.answer(chosen.id, answer, desk.site.today(), tr("answer to the person"))
            except VillageDeskError as error:
                self._context.messages.tell_error(error)
                return
            self.show_place()

    def _on_take_off(self) -> None:
        from villagedesk.services.leaving import demand_ready

        desk, messages = self._context.desk, self._context.messages
        if not desk.users.may("manage"):
            messages.tell(say("Your role does not allow this. Ask the team leader."))
            return
        with messages.telling():
            demand_ready(desk.leaving.standing())
            if messages.ask(
                say("Take this desk off the laptop for good?"),
                say("Take it off"),
                detail=say("Its keys are destroyed. Only a backup or the township can bring the data back."),
                danger=True,
            ):
                secret = messages.ask_line(say("Passphrase of this desk"), secret=True)
                if secret:
                    self._context.navigator.take_off(desk.place.folder, secret)


def _lines(standing: Standing) -> list[str]:
    backup = f"{standing.last_backup:%Y-%m-%d %H:%M}" if standing.last_backup else tr("none")
    term = tr(
        "The term ends on {ends}; the copy on this laptop is due to be taken off by {until}.",
        ends=standing.ends_on,
        until=standing.keep_until,
    )
    return [
        tr("Changes not accepted by the township: {n}", n=standing.unsent),
        tr("Fields changed on two sides and not decided: {n}", n=standing.conflicts),
        tr("Requests of persons not answered: {n}", n=standing.requests),
        tr("Notices still on the board: {n}", n=standing.notices),
        tr("Last backup in the second place: {when}", when=backup),
        *([term] if standing.ends_on else []),
    ]
