"""Rules H01–H10, H20–H22, H24: who the household is, why it is poor, what it is entitled to."""

from __future__ import annotations

from collections.abc import Iterator

from villagedesk.policy.checks.person_family import gone_but_counted
from villagedesk.policy.checks.rule import Found, rule
from villagedesk.policy.checks.view import HouseholdView
from villagedesk.text import say


@rule("H01")
def one_head(h: HouseholdView) -> Iterator[Found]:
    """A household has exactly one head."""
    if h.members and not h.heads:
        yield Found("members", say("No member is the head of the household. Choose one."))
    for m in h.heads[1:]:
        yield Found("relation", say("There is more than one head of the household. Keep one."), at=m.at)


@rule("H02")
def one_spouse(h: HouseholdView) -> Iterator[Found]:
    """The head has at most one spouse."""
    for m in [m for m in h.members if m.draft.relation in h.groups.relation_spouse][1:]:
        yield Found("relation", say("The head has more than one spouse. Correct the relation."), at=m.at)


@rule("H03")
def spouses_sex(h: HouseholdView) -> Iterator[Found]:
    """Head and spouse are man and wife (民法典 1046)."""
    for m in h.members if len(h.heads) == 1 else ():
        if m.draft.relation in h.groups.relation_spouse and m.draft.sex and m.draft.sex == h.heads[0].draft.sex:
            yield Found("sex", say("Head and spouse have the same sex. Check sex and relation."), at=m.at)


@rule("H04")
def head_count(h: HouseholdView) -> Iterator[Found]:
    """A household has members, and the income statement counts those there were when it was reckoned."""
    if not h.members:
        yield Found("members", say("The household has no member. Add the members or close the file."))
    elif h.income is not None and not gone_but_counted(h):
        day = h.income.draft.reckoned_on or h.ctx.today
        present = len(h.members) + sum(1 for _, m in h.gone if m.left_on is not None and m.left_on > day)
        if h.income.draft.persons not in (present, len(h.members)):
            yield Found(
                "income.persons",
                say(
                    "The income statement counts {persons} {persons:person|persons}, the household has "
                    "{members}. Correct one.",
                    persons=h.income.draft.persons,
                    members=present,
                ),
                record=h.income.draft.id,
            )


@rule("H05")
def young_head(h: HouseholdView, *, age: int) -> Iterator[Found]:
    """A child heads no household, unless there is nobody else."""
    for m in h.heads:
        if m.under(age):
            yield Found(
                "relation", say("The head is under {age}. Check, and note who the guardian is.", age=age), at=m.at
            )


@rule("H06")
def causes_filled(h: HouseholdView, *, others: int) -> Iterator[Found]:
    """One main cause and at most two others, all different (P39)."""
    if not h.draft.main_cause:
        yield Found("main_cause", say("The main cause is missing. Choose one."))
    if len(h.draft.other_causes) > others:
        yield Found("other_causes", say("At most {count} other causes may be given. Keep the gravest.", count=others))
    if len(set(h.causes)) < len(h.causes):
        yield Found("other_causes", say("A cause is given twice. Keep it once."))


@rule("H07")
def illness_cause(h: HouseholdView) -> Iterator[Found]:
    """Poverty through illness goes with somebody ill."""
    if not h.groups.cause_illness.isdisjoint(h.causes) and not any(
        h.groups.health_ill.intersection(m.draft.health) for m in h.members
    ):
        yield Found("main_cause", say("Illness is given as a cause, but no member is recorded as ill. Check both."))


@rule("H08")
def disability_cause(h: HouseholdView) -> Iterator[Found]:
    """Poverty through disability goes with somebody disabled."""
    if not h.groups.cause_disability.isdisjoint(h.causes) and not any(m.disabled for m in h.members):
        yield Found(
            "main_cause", say("Disability is given as a cause, but no member is recorded as disabled. Check both.")
        )


@rule("H09")
def schooling_cause(h: HouseholdView) -> Iterator[Found]:
    """Poverty through schooling goes with a student."""
    if not h.groups.cause_schooling.isdisjoint(h.causes) and not any(m.student for m in h.members):
        yield Found("main_cause", say("Schooling is given as a cause, but no member is at school. Check both."))


@rule("H10")
def labour_cause(h: HouseholdView, *, percent: int, percent_large: int, large: int) -> Iterator[Found]:
    """A household that lacks labour has few members able to work."""
    if h.groups.cause_labour.isdisjoint(h.causes):
        return
    share = percent_large if len(h.members) >= large else percent
    able = sum(1 for m in h.members if m.able)
    if able and able * 100 >= len(h.members) * share:
        yield Found(
            "main_cause",
            say(
                "Lack of labour is given as a cause, but {able} of {members} {members:member|members} "
                "can work. Check both.",
                able=able,
                members=len(h.members),
            ),
        )


@rule("H20")
def nobody_able(h: HouseholdView) -> Iterator[Found]:
    """A household in which nobody can work is probably entitled to 低保 or 特困供养."""
    if not h.members or not all(m.unable for m in h.members):
        return
    if not any(m.draft.dibao or m.draft.tekun for m in h.members):
        yield Found(
            "members",
            say(
                "Nobody here can work and nobody receives a minimum living allowance. "
                "Help them to apply, or note why not."
            ),
        )


@rule("H21")
def disabled_without_allowance(h: HouseholdView) -> Iterator[Found]:
    """The severely disabled may apply for 低保 by themselves (JS-3.8.1)."""
    for m in h.members:
        grade, mind = m.draft.disability_grade, m.draft.disability_class in h.groups.disability_mind
        entitled = grade in ("1", "2") or (grade == "3" and mind)
        if entitled and not m.draft.dibao and not m.draft.tekun:
            yield Found(
                "dibao",
                say("This disability entitles to a minimum living allowance. Help the person to apply."),
                at=m.at,
            )


@rule("H22")
def full_cover(h: HouseholdView, *, age: int, oldest: int) -> Iterator[Found]:
    """Until exit everybody is insured, and the state pays the pension premium (JS-3.7.1)."""
    for m in h.members if not h.exited else ():
        if not m.draft.medical_resident and not m.draft.medical_worker:
            yield Found("medical_resident", say("Before exit every member must be in the medical insurance."), at=m.at)
        if (
            m.aged(age, oldest)
            and not m.student
            and not m.draft.pension_worker
            and not (m.draft.pension_resident and m.draft.pension_paid_by_state)
        ):
            yield Found(
                "pension_paid_by_state",
                say("Before exit every adult must be in the pension insurance, with the premium paid by the state."),
                at=m.at,
            )


@rule("H24")
def kind_and_allowance(h: HouseholdView) -> Iterator[Found]:
    """The kind of household agrees with who receives 低保."""
    kind, receives = h.draft.kind in h.groups.kind_dibao, any(m.draft.dibao for m in h.members)
    if kind and not receives:
        yield Found(
            "kind", say("The household counts as one with minimum living allowance, but no member receives it.")
        )
    elif receives and h.draft.kind in h.groups.kind_plain:
        yield Found(
            "kind", say("A member receives a minimum living allowance, but the kind of household does not say so.")
        )
