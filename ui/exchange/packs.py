"""Policy packs of the township: what each would change in this village, and taking one over (DESIGN §5.11)."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from ui import style
from ui.context import Context
from ui.page import Page, button, card, label, row, scrolled
from ui.tables import Column, PagedTable, TableView
from ui.tight import TightTabs
from villagedesk.text import Text, say, tr

if TYPE_CHECKING:
    from villagedesk.desk import Desk
    from villagedesk.services.policy_change import GivenPack, PolicyPreview
    from villagedesk.values import Step

_RESULTS: dict[str, tuple[Text, str]] = {
    "met": (say("met"), "ok"),
    "unmet": (say("not met"), "problem"),
    "unknown": (say("not known yet"), "warn"),
    "": (say("not asked"), "muted"),
}


class PacksPage(Page):
    """The packs that came, and below them the dry run of the one looked at."""

    def __init__(self, context: Context) -> None:
        super().__init__(
            tr("Policy of the township"),
            tr("Nothing changes before you take a pack over. Look first at what it would change in this village."),
        )
        self._context = context
        self._preview: PolicyPreview | None = None
        self.packs = PagedTable[Any](_pack_columns(), self)
        self.table = TableView(self.packs, tr("Policy packs that came with a reply"))
        self.table.setMaximumHeight(style.letters() * 9)
        self._look = button(say("What would it change?"), "eye", self._on_look, kind="primary")
        self._save = button(say("Save as a file"), "save", self._on_save)
        self._take = button(say("Take it over"), "ok", self._on_take, kind="primary")
        self._said = label("", wrap=True)
        self._assemble()

    def show_place(self, **_place: Any) -> None:
        """Show the packs of the replies taken in so far."""
        rows = self._context.desk.policy.given()
        self.packs.show_rows(rows)
        self._show(None)
        if not rows:
            self._said.setText(tr("No pack came yet. One comes with a reply of the township; open the reply first."))
        elif self.table.current_row() is None:
            self.table.selectRow(0)
        self._look.setEnabled(bool(rows))
        self._save.setEnabled(bool(rows))

    def _assemble(self) -> None:
        self.values = PagedTable[Any](_value_columns(), self)
        self.homes = PagedTable[Any](_criterion_columns(), self)
        self.findings = PagedTable[Any](_finding_columns(), self)
        self.papers = PagedTable[Any](_paper_columns(), self)
        self.tabs = TightTabs()
        for model, name in (
            (self.values, tr("Rules and words")), (self.homes, tr("Exit criteria of households")),
            (self.findings, tr("Findings")), (self.papers, tr("Printed papers")),
        ):  # fmt: skip
            self.tabs.addTab(TableView(model, name), name)
        self._dry_run = card(self._said, self.tabs, row(self._take), heading=tr("What it would change"))
        self.tabs.setMinimumHeight(style.letters() * 17)  # in large letters the page scrolls, the table stays readable
        self.column.addWidget(scrolled(card(self.table, row(self._look, self._save)), self._dry_run), 1)

    def _show(self, found: PolicyPreview | None) -> None:
        self._preview = found
        self._take.setVisible(found is not None)
        self.tabs.setVisible(found is not None)
        self._said.setText("")
        if found is None:
            return
        findings = [(True, one) for one in found.appear] + [(False, one) for one in found.vanish]
        self.values.show_rows(found.values)
        self.homes.show_rows(found.criteria)
        self.findings.show_rows(findings)
        self.papers.show_rows(found.papers)
        self._said.setText(_summary(found))

    def _chosen(self) -> GivenPack | None:
        chosen: GivenPack | None = self.table.current_row()
        if chosen is None:
            self._context.messages.tell(say("Choose the pack in the list first."), "warn")
        return chosen

    def _on_look(self) -> None:
        chosen = self._chosen()
        if chosen is not None:
            work = partial(_preview, self._context.desk, chosen.id)
            self._context.jobs.store(say("Trying the policy out"), work, self._show, self._on_refused)

    def _on_refused(self, error: Exception) -> None:
        self._show(None)
        self._context.messages.tell_error(error)

    def _on_take(self) -> None:
        found = self._preview
        if found is None:
            return
        reason = self._context.messages.ask_line(say("By which letter of the township is this policy taken over?"))
        if not reason:
            return
        with self._context.messages.telling():
            change = self._context.desk.policy.take(found.pack.id, reason)
            self._context.tell_change(change, self)
            self.show_place()
            self._context.messages.tell(say("Taken over. It counts when the desk is locked and opened again."), "ok")

    def _on_save(self) -> None:
        chosen = self._chosen()
        name = f"{chosen.id}.toml" if chosen else ""
        target = (
            self._context.messages.save_file(say("Save the policy pack"), name, "TOML (*.toml)") if chosen else None
        )
        if chosen is None or target is None:
            return
        with self._context.messages.telling():
            self._context.desk.policy.save(chosen.id, target)
            self._context.messages.tell_saved(target)


def _preview(desk: Desk, pack: str, step: Step) -> PolicyPreview:
    return desk.policy.preview(pack, step)


def _summary(found: PolicyPreview) -> str:
    homes = len({one.household_id for one in found.criteria})
    counted = tr(
        "{values} {values:rule or word|rules or words}, {homes} {homes:household|households} "
        "with other exit criteria, {more} {more:finding|findings} more and {fewer} fewer, "
        "{papers} printed {papers:paper|papers} that would say something else.",
        values=len(found.values),
        homes=homes,
        more=len(found.appear),
        fewer=len(found.vanish),
        papers=len(found.papers),
    )
    if found.then == found.now:
        return counted
    return tr("The policy would be “{now}” in place of “{then}”. {counted}", now=found.now, then=found.then,
              counted=counted)  # fmt: skip


def _standing(pack: GivenPack) -> str:
    if pack.fresh and pack.here:
        return tr("newer than version {here}, which counts here", here=pack.here)
    return tr("not in use here") if pack.fresh else tr("counts here already")


def _said_as(value: object) -> str:
    if value is None:
        return "—"
    return "、".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _pack_columns() -> Sequence[Column[Any]]:
    return (
        Column(say("Pack"), lambda one: one.title, 26, tip=lambda one: one.id),
        Column(say("Version"), lambda one: str(one.version), 5, right=True),
        Column(say("Standing"), _standing, 20, tone=lambda one: "warn" if one.fresh else "ok"),
    )


def _value_columns() -> Sequence[Column[Any]]:
    return (
        Column(say("Place in the policy"), lambda one: one.path, 20, tip=lambda one: one.path),
        Column(say("Now"), lambda one: _said_as(one.then), 18, tip=lambda one: _said_as(one.then)),
        Column(say("Afterwards"), lambda one: _said_as(one.now), 18, tip=lambda one: _said_as(one.now)),
    )


def _criterion_columns() -> Sequence[Column[Any]]:
    return (
        Column(say("Household"), lambda one: one.household_no, 12),
        Column(say("Head"), lambda one: one.head, 6),
        Column(say("Criterion"), lambda one: one.text, 16, tip=lambda one: one.text),
        Column(say("Now"), lambda one: str(_RESULTS[one.then][0]), 6, tone=lambda one: _RESULTS[one.then][1]),
        Column(say("Afterwards"), lambda one: str(_RESULTS[one.now][0]), 6, tone=lambda one: _RESULTS[one.now][1]),
        Column(say("Why"), lambda one: str(one.because), 24, tip=lambda one: str(one.because)),
    )


def _finding_columns() -> Sequence[Column[Any]]:
    return (
        Column(say("Change"), lambda one: tr("comes up") if one[0] else tr("goes"), 6,
               tone=lambda one: "warn" if one[0] else "ok"),
        Column(say("Rule"), lambda one: one[1].rule, 4),
        Column(say("Household"), lambda one: one[1].household_no, 12),
        Column(say("Person"), lambda one: one[1].screen_name, 6),
        Column(say("What was found"), lambda one: str(one[1].message), 36, tip=lambda one: str(one[1].message)),
    )  # fmt: skip


def _paper_columns() -> Sequence[Column[Any]]:
    return (
        Column(say("Paper"), lambda one: one.title, 12),
        Column(say("Printed on"), lambda one: one.printed_on.isoformat() if one.printed_on else "", 8),
        Column(say("Signed"), lambda one: tr("signed, has to be signed anew") if one.signed else tr("not signed yet"),
               12, tone=lambda one: "warn" if one.signed else ""),
        Column(say("What differs"), _differs, 34, tip=_differs),
    )  # fmt: skip


def _differs(one: Any) -> str:
    return "；".join(tr("{field}: {then} → {now}", field=each.field, then=each.then or "—", now=each.now or "—")
                    for each in one.altered[:6])  # fmt: skip
