"""Rules A15–A25: education, schooling and dropping out of one member."""

from __future__ import annotations

from collections.abc import Iterator

from villagedesk.policy.checks.person_view import MemberView
from villagedesk.policy.checks.rule import Found, rule
from villagedesk.text import say


def _out_of_age(m: MemberView, stage: str, youngest: int, oldest: int) -> bool:
    return m.stage == stage and m.age is not None and not m.aged(youngest, oldest)


@rule("A15")
def education_or_schooling(m: MemberView) -> Iterator[Found]:
    """Students give their school stage, all others their education, nobody both."""
    if m.draft.education and m.student:
        yield Found("education", say("Students give only their school stage, others only their education. Clear one."))


@rule("A16")
def neither_education_nor_schooling(m: MemberView) -> Iterator[Found]:
    """One of education, school stage and dropout reason is known."""
    if not m.draft.education and not m.student and not m.draft.dropout_reason:
        yield Found("education", say("Education, school stage and dropout reason are all empty. Fill one in."))


@rule("A17")
def education_on_list(m: MemberView) -> Iterator[Found]:
    """Both values are on the lists of the data year."""
    if m.draft.education and not m.ctx.allowed("education", m.draft.education):
        yield Found("education", say("This education is not on the list of the year. Choose another."))
    if m.draft.schooling and not m.ctx.allowed("schooling", m.draft.schooling):
        yield Found("schooling", say("This school stage is not on the list of the year. Choose another."))


@rule("A18")
def preschool_age(m: MemberView, *, age: int) -> Iterator[Found]:
    """A healthy child of school age is no longer before school."""
    before = m.stage == "preschool" or m.draft.education in m.groups.education_preschool
    if before and m.well and m.over(age):
        yield Found(
            "schooling", say("Aged {age} and still before school. Ask which school the child goes to.", age=m.age)
        )


@rule("A19")
def primary_age(m: MemberView, *, youngest: int, oldest: int) -> Iterator[Found]:
    """Pupils of primary school have the age for it."""
    if _out_of_age(m, "primary", youngest, oldest):
        yield Found("schooling", say("The age does not fit primary school. Check school stage and birth date."))


@rule("A20")
def middle_age(m: MemberView, *, youngest: int, oldest: int) -> Iterator[Found]:
    """Pupils of grades 7 to 9 have the age for it."""
    if _out_of_age(m, "middle", youngest, oldest):
        yield Found("schooling", say("The age does not fit grades 7 to 9. Check school stage and birth date."))


@rule("A21")
def senior_age(m: MemberView, *, youngest: int, oldest: int) -> Iterator[Found]:
    """Students of senior high and secondary vocational schools have the age for it."""
    if _out_of_age(m, "senior", youngest, oldest) or _out_of_age(m, "vocational", youngest, oldest):
        text = say("The age does not fit senior high or vocational school. Check school stage and birth date.")
        yield Found("schooling", text)


@rule("A22")
def college_age(m: MemberView, *, college: int, master: int) -> Iterator[Found]:
    """Students of colleges and graduate schools have the age for it."""
    least = {"college": college, "master": master}.get(m.stage)
    if least is not None and m.under(least):
        yield Found("schooling", say("Too young for this school stage. Check school stage and birth date."))


@rule("A23")
def little_schooling(m: MemberView, *, youngest: int, oldest: int) -> Iterator[Found]:
    """A young adult has more than primary school."""
    if m.aged(youngest, oldest) and not m.student and m.draft.education in m.groups.education_low:
        yield Found(
            "education", say("Aged {age} with primary school or less. Check, or ask why school ended.", age=m.age)
        )


@rule("A24")
def compulsory_schooling(m: MemberView, *, youngest: int, oldest: int) -> Iterator[Found]:
    """Children of compulsory school age are at school, have finished it, or have a reason (义务教育)."""
    finished = m.draft.education in m.groups.education_nine_years
    at_school = (m.student and m.stage != "preschool") or _first_year(m, youngest)
    if m.aged(youngest, oldest) and not at_school and not finished and not m.draft.dropout_reason:
        yield Found(
            "schooling", say("A child of school age is not at school and no reason is given. Visit the family.")
        )


def _first_year(m: MemberView, youngest: int) -> bool:
    """A child that turned six but starts school only next September."""
    return m.stage == "preschool" and m.age == youngest


@rule("A25")
def dropout_and_health(m: MemberView) -> Iterator[Found]:
    """Who left school for illness or disability is not recorded as well."""
    if m.draft.dropout_reason in m.groups.dropout_health and m.well:
        yield Found(
            "dropout_reason", say("School was left for illness or disability, but the health status says well.")
        )
