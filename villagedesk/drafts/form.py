"""The household form: which fields, in which order, under which words; window and paper are made from it (DOMAIN §4.2).

What is typed from a paper goes down the paper; so the order is written once, here. ``services.sheets.visit_form``
sets the paper from it, ``ui.households`` the window.
"""

from __future__ import annotations

from dataclasses import dataclass

from villagedesk.text import Text, say


@dataclass(frozen=True)
class FieldSpec:
    """One field: its name in the draft, its label, its kind of editor, the code list behind it, columns it takes.

    ``paper``: it stands on the form for a visit. What the office decides, and what is told rather than asked, does not.
    """

    name: str
    label: Text
    kind: str = "text"
    """text, digits, phone, whole, hundredths, yesno, date, id, note, code, codes, grade, jobs, year or amount."""
    codes: str = ""
    span: int = 1
    hint: Text | None = None
    paper: bool = True
    veiled: bool = False  # tier 3 among fields that are not: its value shows only while the cursor is in it


@dataclass(frozen=True)
class Section:
    """Fields under one heading. ``sensitive`` ones are shown only when asked for (DOMAIN §8.2, tier 3)."""

    heading: Text
    fields: tuple[FieldSpec, ...]
    sensitive: bool = False


F = FieldSpec

HOUSEHOLD: tuple[Section, ...] = (
    Section(say("Who and where"), (
        F("no", say("Household number"), "digits"),
        F("group", say("Villagers' group")),
        F("address", say("Address in the village")),
        F("phone", say("Phone"), "phone"),
        F("support_no", say("Certificate of support"), "digits"),
        F("service_family", say("Family of a soldier or martyr"), "yesno"),
    )),
    Section(say("Registration"), (
        F("kind", say("Kind of household"), "code", "household_kind"),
        F("state", say("State"), "code", "poverty_state", paper=False),
        F("standard", say("Standard of recognition"), "code", "standard"),
        F("support_class", say("Class of support"), "code", "support_class"),
        F("identified_year", say("Recognised in"), "whole"),
        F("planned_exit_year", say("Exit planned for"), "whole"),
        F("exited_year", say("Exited in"), "whole", paper=False),
        F("returned_year", say("Returned in"), "whole", paper=False),
        F("monitoring_class", say("Monitoring"), "code", "monitoring_class", paper=False),
        F("published", say("May be named on notices"), "yesno2", span=3, paper=False,
          hint=say("No: the household is left out of notices; write the township's reason into the note.")),
    )),
    Section(say("Causes"), (
        F("main_cause", say("Main cause"), "code", "cause"),
        F("other_causes", say("Other causes (at most two)"), "codes", "cause", 3),
        F("cause_note", say("In plain words"), "text", span=3),
        F("unexited_reason", say("Why not lifted out yet"), "code", "unexited_reason", paper=False),
    )),
    Section(say("Note"), (F("note", say("Note"), "note", span=4),)),
)  # fmt: skip

LIVING: tuple[Section, ...] = (
    Section(say("Home"), (
        F("dwelling", say("Safety of the dwelling"), "code", "housing"),
        F("dwelling_checked_on", say("Checked on"), "date"),
        F("dwelling_area", say("Floor area (m²)"), "hundredths"),
        F("dwelling_repaired_year", say("Dangerous house repaired in"), "whole"),
        F("water_safe", say("Safe drinking water"), "yesno"),
        F("water_hard", say("Water hard to get"), "yesno"),
        F("power_home", say("Electricity at home"), "yesno"),
        F("power_work", say("Electricity for production"), "yesno"),
        F("broadcast", say("Radio or television"), "yesno"),
        F("toilet", say("Sanitary toilet"), "yesno"),
        F("fuel", say("Main fuel"), "code", "fuel"),
        F("entry_road", say("Road to the door"), "code", "entry_road"),
        F("food_secure", say("Enough to eat"), "yesno"),
        F("clothes_secure", say("Enough to wear"), "yesno"),
        F("road_distance", say("To the main road (km)"), "hundredths"),
    )),
    Section(say("Land (mu)"), (
        F("land_arable", say("Arable"), "hundredths"),
        F("land_irrigated", say("Irrigated"), "hundredths"),
        F("land_forest", say("Forest"), "hundredths"),
        F("land_returned", say("Returned to forest"), "hundredths"),
        F("land_orchard", say("Orchard"), "hundredths"),
        F("land_pasture", say("Pasture"), "hundredths"),
        F("land_water", say("Water"), "hundredths"),
    )),
    Section(say("Working together"), (
        F("cooperative", say("Member of a cooperative"), "yesno"),
        F("enterprise_led", say("Led by an enterprise"), "yesno"),
        F("leader_led", say("Led by a local founder"), "yesno"),
    )),
    Section(say("Relocation"), (
        F("relocated", say("Relocated household"), "yesno"),
        F("relocation_way", say("Way of relocation"), "code", "relocation_way"),
        F("settlement", say("Kind of settlement"), "code", "settlement"),
        F("settlement_area", say("Where settled"), "code", "settlement_area"),
        F("settlement_place", say("Name or address of the settlement")),
        F("relocation_area", say("New floor area (m²)"), "hundredths"),
        F("old_house_down", say("Old house taken down"), "yesno"),
        F("moved_in_on", say("Moved in on"), "date"),
        F("relocation_hardship", say("Hardships that may come"), "text", span=4),
    )),
)  # fmt: skip

MEMBER: tuple[Section, ...] = (
    Section(say("Person"), (
        F("id_number", say("ID number"), "id"),
        F("name", say("Name")),
        F("relation", say("Relation to the head"), "code", "relation"),
        F("sex", say("Sex"), "code", "sex"),
        F("birth", say("Birth date"), "date"),
        F("ethnic", say("Ethnic group"), "word", "ethnic", veiled=True),
        F("id_kind", say("Kind of document"), "code", "id_kind", paper=False),
        F("phone", say("Phone"), "phone"),
        F("mandarin", say("Speaks Mandarin"), "yesno"),
        F("serving", say("Serves in the army"), "yesno"),
    )),
    Section(say("School"), (
        F("education", say("Education"), "code", "education"),
        F("schooling", say("In school"), "code", "schooling", veiled=True),
        F("dropout_reason", say("Why not in school"), "code", "dropout_reason", veiled=True),
    )),
    Section(say("Work"), (
        F("labour", say("Ability to work"), "code", "labour"),
        F("work_area", say("Works where"), "code", "work_area"),
        F("work_months", say("Months of work"), "whole"),
        F("work_place", say("County of work")),
        F("employer", say("Employer")),
        F("job_channel", say("How the job was found")),
        F("post_kind", say("Public-benefit post")),
        F("post_months", say("Months in the post"), "whole"),
        F("jobs", say("Jobs and posts, one a line"), "jobs", "job_kind", span=3, paper=False,
          hint=say("Kind, where, first day, last day unless still there, for example: 5 village office 20230301")),
    )),
    Section(say("Insurance and support"), (
        F("medical_resident", say("Medical insurance, residents"), "yesno"),
        F("medical_worker", say("Medical insurance, workers"), "yesno"),
        F("medical_serious", say("Serious-illness insurance"), "yesno"),
        F("medical_aid", say("Serious-illness aid"), "yesno"),
        F("medical_commercial", say("Commercial supplement"), "yesno"),
        F("pension_resident", say("Pension insurance, residents"), "yesno"),
        F("pension_worker", say("Pension insurance, workers"), "yesno"),
        F("pension_paid_by_state", say("Paid by the state"), "yesno"),
        F("accident_insured", say("Accident insurance, subsidised"), "yesno"),
        F("dibao", say("Subsistence allowance"), "yesno"),
        F("tekun", say("Extreme-hardship support"), "yesno"),
        F("family_doctor", say("Family doctor signed"), "yesno"),
    )),
    Section(say("Health (shown when asked for)"), (
        F("health", say("Health"), "codes", "health", 3),
        F("disability_class", say("Disability"), "code", "disability_class"),
        F("disability_grade", say("Grade"), "grade"),
        F("disability_year", say("Certificate issued in"), "whole"),
        F("care", say("Needs a neighbour's eye"), "codes", "care", 4, paper=False),
    ), sensitive=True),
    Section(say("Joined or left"), (
        F("joined_on", say("Joined on"), "date", paper=False),
        F("joined_reason", say("Why"), "code", "member_in", paper=False),
        F("left_on", say("Left on"), "date", paper=False),
        F("left_reason", say("Why"), "code", "member_out", paper=False),
        F("person_no", say("Person number"), "digits", paper=False),
        F("note", say("Note"), "text", span=3, paper=False),
    )),
)  # fmt: skip
