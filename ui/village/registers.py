"""The registers of the village: its plan, facilities, people who stand by it, trainings and meetings."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QWidget

from ui.context import Context
from ui.fields.choices import CodeField, Option
from ui.households.spec import FieldSpec as F
from ui.households.spec import Section
from ui.money.registers import Choice
from ui.page import button
from ui.register import RegisterKind, RegisterTab
from ui.tables import Column
from villagedesk.drafts.village import ActivityDraft, ContactDraft, FacilityDraft, PurchaseDraft, VillagePlanDraft
from villagedesk.text import say, tr
from villagedesk.values import yuan


def plan_tab(context: Context) -> RegisterTab:
    """The village's plan, by year or for the term."""
    desk = context.desk
    kind = RegisterKind(
        name=desk.profile.terms.extra.get("village_plan", tr("Village plan")),
        empty=say("No plan of the village yet: what it has, what it wants, who does it. Projects follow."),
        columns=(
            Column(say("Year"), lambda plan: str(plan.year), 5),
            Column(say("Span of the plan"), _horizon, 6),
            Column(say("Goals"), lambda plan: plan.goals, 24, tip=lambda plan: plan.goals),
            Column(say("Agreed"), lambda plan: plan.agreed_on.isoformat() if plan.agreed_on else tr("not yet"), 8),
        ),
        sections=(
            Section(say("Plan"), (
                F("year", say("Year"), "year"),
                F("horizon", say("Span of the plan")),
                F("responsible", say("Responsible")),
                F("situation", say("What the village has and lacks"), "note", span=3),
                F("goals", say("Goals"), "note", span=3),
                F("livelihood", say("Leading industry"), span=3),
                F("tasks", say("What else will be done"), "note", span=3),
            )),
            Section(say("Agreed and done"), (
                F("agreed_on", say("Agreed on"), "date"),
                F("agreed_by", say("By which meeting"), span=2),
                F("effect_on", say("Effect written down on"), "date"),
                F("effect", say("What came of it"), "note", span=3),
            )),
        ),
        blank=lambda: VillagePlanDraft(year=desk.site.today().year),
        load=lambda: desk.book.all(VillagePlanDraft),
        save=desk.book.save,
        remove=desk.book.remove,
        editors={"horizon": _horizons},
    )  # fmt: skip
    tab = RegisterTab(context, kind)
    tab.extra.addWidget(button(say("Print"), "print", partial(_print, context, tab)))
    return tab


def _print(context: Context, tab: RegisterTab) -> None:
    if tab.may_leave():
        context.navigator.go("papers", kind="village_plan", year=tab.binder.draft.year)


def _horizons() -> QWidget:
    return CodeField([Option("year", tr("one year")), Option("term", tr("three years"))])


def _horizon(plan: VillagePlanDraft) -> str:
    return tr("three years") if plan.horizon == "term" else tr("one year")


def facility_tab(context: Context) -> RegisterTab:
    """Facilities and services, with who keeps them."""
    desk, codes = context.desk, context.desk.profile.codes
    kind = RegisterKind(
        name=tr("Facilities"),
        empty=say("No facility yet: roads, water, shops, settlement services, each with who keeps it in order."),
        columns=(
            Column(say("Kind"), lambda each: codes.word("facility_kind", each.kind), 12),
            Column(say("What it is called"), lambda each: each.name, 12),
            Column(say("State"), lambda each: codes.word("facility_state", each.state), 7,
                   tone=lambda each: "warn" if each.state in {"2", "3"} else ""),
            Column(say("Caretaker"), lambda each: each.caretaker or tr("nobody yet"), 8),
        ),
        sections=(Section(say("Facility or service"), (
            F("kind", say("Kind"), "code", "facility_kind"),
            F("name", say("What it is called")),
            F("place", say("Place")),
            F("since", say("Since"), "date"),
            F("state", say("State"), "code", "facility_state"),
            F("checked_on", say("Checked on"), "date"),
            F("caretaker", say("Caretaker")),
            F("phone", say("Phone")),
            F("note", say("Note"), "note", span=3),
        )),),
        blank=FacilityDraft,
        load=lambda: desk.book.all(FacilityDraft),
        save=desk.book.save,
        remove=desk.book.remove,
    )  # fmt: skip
    return RegisterTab(context, kind)


def contact_tab(context: Context) -> RegisterTab:
    """Experts, founders, enterprises and offices that stand by the village."""
    desk, codes = context.desk, context.desk.profile.codes
    kind = RegisterKind(
        name=tr("Contacts"),
        empty=say("No contact yet: science adviser, founders, paired enterprises, the office of the helping unit."),
        columns=(
            Column(say("Kind"), lambda each: codes.word("contact_kind", each.kind), 10),
            Column(say("What it is called"), lambda each: each.name, 9),
            Column(say("Unit"), lambda each: each.unit, 14),
            Column(say("What for"), lambda each: each.field, 9),
        ),
        sections=(Section(say("Contact"), (
            F("kind", say("Kind"), "code", "contact_kind"),
            F("name", say("What it is called")),
            F("unit", say("Unit")),
            F("field", say("What for")),
            F("phone", say("Phone")),
            F("starts_on", say("From"), "date"),
            F("ends_on", say("Until"), "date"),
            F("note", say("Note"), "note", span=3),
        )),),
        blank=ContactDraft,
        load=lambda: desk.book.all(ContactDraft),
        save=desk.book.save,
        remove=desk.book.remove,
    )  # fmt: skip
    return RegisterTab(context, kind)


def activity_tab(context: Context) -> RegisterTab:
    """Trainings, evening school, meetings: a head-count, no names."""
    desk, codes = context.desk, context.desk.profile.codes
    kind = RegisterKind(
        name=tr("Trainings and meetings"),
        empty=say("Nothing yet. Title, day and how many came are enough; nobody is named."),
        columns=(
            Column(say("Day"), lambda each: each.held_on.isoformat() if each.held_on else "", 8),
            Column(say("Kind"), lambda each: codes.word("activity_kind", each.kind), 11),
            Column(say("Title"), lambda each: each.title, 14),
            Column(say("Persons"), lambda each: "" if each.persons is None else str(each.persons), 5, right=True),
        ),
        sections=(Section(say("Training or meeting"), (
            F("kind", say("Kind"), "code", "activity_kind"),
            F("held_on", say("Day"), "date"),
            F("place", say("Place")),
            F("title", say("Title"), span=2),
            F("host", say("Held by")),
            F("persons", say("How many came"), "whole"),
            F("hours", say("Hours"), "whole"),
            F("note", say("Note"), "note", span=3),
        )),),
        blank=lambda: ActivityDraft(held_on=desk.site.today()),
        load=lambda: desk.book.all(ActivityDraft),
        save=desk.book.save,
        remove=desk.book.remove,
    )  # fmt: skip
    return RegisterTab(context, kind)


def purchase_tab(context: Context, sellers: Choice) -> RegisterTab:
    """What was bought of the village's own produce (消费扶贫); a household is named only where it sold by itself."""
    desk = context.desk
    kind = RegisterKind(
        name=tr("Sold to helpers"),
        empty=say("Nothing yet: who bought what of the village's produce, for how much."),
        columns=(
            Column(say("Day"), lambda each: each.bought_on.isoformat() if each.bought_on else "", 9),
            Column(say("Buyer"), lambda each: each.buyer, 13),
            Column(say("Goods"), lambda each: each.goods, 11),
            Column(say("Yuan"), lambda each: yuan(each.amount), 8, right=True),
        ),
        sections=(Section(say("Purchase"), (
            F("buyer", say("Buyer"), span=2),
            F("bought_on", say("Day"), "date"),
            F("goods", say("Goods"), span=2),
            F("amount", say("Amount (yuan)"), "amount"),
            F("channel", say("Way"), "code", "purchase_channel"),
            F("household_id", say("Sold by the household"), span=2),
            F("note", say("Note"), "note", span=3),
        )),),
        blank=lambda: PurchaseDraft(bought_on=desk.site.today()),
        load=lambda: desk.book.all(PurchaseDraft),
        save=desk.book.save,
        remove=desk.book.remove,
        editors={"household_id": sellers.make},
    )  # fmt: skip
    return RegisterTab(context, kind)
