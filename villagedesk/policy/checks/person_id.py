"""Rules A01–A08, A14, A52: identity papers and telephone of one member."""

from __future__ import annotations

import re
from collections.abc import Iterator

from villagedesk.policy.checks.person_view import MemberView
from villagedesk.policy.checks.rule import Found, rule
from villagedesk.text import say
from villagedesk.values import halfwidth

_MOBILE = re.compile(r"1[3-9]\d{9}")
_OLDEST_YEAR = 1900


@rule("A01")
def id_length(m: MemberView) -> Iterator[Found]:
    """A resident number has 18 characters, a disability certificate 20 or 22 (GB 11643-1999)."""
    if not m.id.number:
        yield Found("id_number", say("The ID number is missing. Copy it from the ID card or the household register."))
    elif m.draft.id_kind in m.groups.id_certificate:
        if len(m.id.number) not in (20, 22) or not m.id.core:
            yield Found("id_number", say("A disability certificate number has 20 or 22 digits. Read it again."))
    elif m.draft.id_kind in m.groups.id_resident and len(m.id.number) in (20, 22):
        yield Found("id_kind", say("This is a disability certificate number. Choose that kind of document."))
    elif m.draft.id_kind in m.groups.id_resident and not m.id.core:
        yield Found("id_number", say("An ID number has 17 digits and a last digit or X. Read it again from the card."))


@rule("A02")
def id_check_digit(m: MemberView) -> Iterator[Found]:
    """The last character of the resident number is its check digit (GB 11643-1999)."""
    if m.id.core and not m.id.certificate and not m.id.checked:
        yield Found("id_number", say("The last digit of the ID number does not fit the others: one digit is wrong."))


@rule("A03")
def id_birth_date(m: MemberView) -> Iterator[Found]:
    """Digits 7 to 14 are a real date from 1900 to today."""
    if not m.id.core or m.id.certificate:
        return
    if m.id.birth is None:
        yield Found("id_number", say("Digits 7 to 14 of the ID number are no date. Read the number again."))
    elif m.id.birth.year < _OLDEST_YEAR or m.id.birth > m.ctx.today:
        yield Found("id_number", say("The birth date in the ID number cannot be: it lies too far back or ahead."))


@rule("A05")
def certificate_number(m: MemberView) -> Iterator[Found]:
    """A certificate number is a valid resident number, the class 1–7, the grade 1–4; two more after re-issue."""
    if not m.id.certificate or len(m.id.number) not in (20, 22) or not m.id.core:
        return
    if not m.id.checked or m.id.birth is None:
        yield Found("id_number", say("The first 18 digits of the disability certificate are no valid ID number."))
    if m.id.number[18] not in "1234567":
        yield Found("id_number", say("Digit 19 of the disability certificate is the class: 1 to 7. Read it again."))
    if m.id.number[19] not in "1234":
        yield Found("id_number", say("Digit 20 of the disability certificate is the grade: 1 to 4. Read it again."))
    if len(m.id.number) == 22 and not _reissued(m.id.number):
        yield Found("id_number", say("After a re-issue the disability certificate ends in B and a digit."))


def _reissued(number: str) -> bool:
    return number[20] == "B" and number[21].isdigit()


@rule("A06")
def provisional_number(m: MemberView) -> Iterator[Found]:
    """A number that begins with 999999 stands in for one not yet given (C1)."""
    if m.id.number.startswith("999999"):
        yield Found(
            "id_number", say("This is a provisional number. Enter the real one once the person has an ID card.")
        )


@rule("A07")
def sex_and_id(m: MemberView) -> Iterator[Found]:
    """The 17th digit is odd for men (GB 11643-1999)."""
    if m.id.male is not None and m.draft.sex in ("1", "2") and m.id.male != (m.draft.sex == "1"):
        yield Found("sex", say("The sex does not match the ID number. Check which one is right."))


@rule("A08")
def birth_and_id(m: MemberView) -> Iterator[Found]:
    """The birth date is that of the ID number."""
    if m.id.birth is not None and m.draft.birth is not None and m.id.birth != m.draft.birth:
        yield Found("birth", say("The birth date does not match the ID number. Check which one is right."))


@rule("A14")
def disability_and_certificate(m: MemberView) -> Iterator[Found]:
    """Who is recorded as disabled has a certificate, and who has one is recorded as disabled."""
    certified = m.id.certificate or bool(m.draft.disability_class)
    if m.disabled and not certified:
        yield Found("health", say("The health status says disabled, but no disability certificate is recorded."))
    elif certified and not m.disabled:
        yield Found("health", say("There is a disability certificate, but the health status does not say disabled."))


@rule("A52")
def phone_number(m: MemberView) -> Iterator[Found]:
    """A mobile number has 11 digits and begins with 13 to 19."""
    if m.draft.phone and not _MOBILE.fullmatch(halfwidth(m.draft.phone)):
        yield Found("phone", say("A mobile number has 11 digits and begins with 13 to 19. Read it again."))
