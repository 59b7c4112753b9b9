"""Rules A47–A51: medical and pension insurance of one member."""

from __future__ import annotations

from collections.abc import Iterator

from villagedesk.policy.checks.person_view import MemberView
from villagedesk.policy.checks.rule import Found, rule
from villagedesk.text import say


@rule("A47")
def two_medical(m: MemberView) -> Iterator[Found]:
    """Nobody is in both basic medical insurances."""
    if m.draft.medical_resident and m.draft.medical_worker:
        yield Found(
            "medical_resident", say("Only one of the residents' and the employees' medical insurance can be yes.")
        )


@rule("A48")
def no_medical(m: MemberView) -> Iterator[Found]:
    """Everybody is in one of the two basic medical insurances (基本医疗有保障)."""
    if not m.draft.medical_resident and not m.draft.medical_worker:
        yield Found(
            "medical_resident", say("No basic medical insurance is recorded. Ask, and help to join if there is none.")
        )


@rule("A49")
def serious_illness_insurance(m: MemberView) -> Iterator[Found]:
    """The serious-illness insurance is answered; no is suspicious."""
    if m.draft.medical_serious is None:
        yield Found("medical_serious", say("The serious-illness insurance is not answered. Choose yes or no."))
    elif not m.draft.medical_serious:
        yield Found(
            "medical_serious", say("No serious-illness insurance. It comes with the residents' one; check."), mild=True
        )


@rule("A50")
def pension_insurance(m: MemberView, *, age: int) -> Iterator[Found]:
    """From 16 on everybody but students is in exactly one pension insurance."""
    if not m.over(age) or m.student:
        return
    if m.draft.pension_resident and m.draft.pension_worker:
        yield Found(
            "pension_resident", say("Only one of the residents' and the employees' pension insurance can be yes.")
        )
    elif not m.draft.pension_resident and not m.draft.pension_worker:
        yield Found(
            "pension_resident", say("No pension insurance is recorded. Ask, and help to join if there is none.")
        )


@rule("A51")
def aid_without_insurance(m: MemberView) -> Iterator[Found]:
    """Medical assistance follows on basic medical insurance."""
    if m.draft.medical_aid and not m.draft.medical_resident and not m.draft.medical_worker:
        yield Found(
            "medical_aid", say("Medical assistance was given, but no basic medical insurance is recorded. Check.")
        )
