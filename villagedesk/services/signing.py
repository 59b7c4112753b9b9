"""Recording marks that persons made on a sign-off sheet with ink (DOMAIN §3, §8.6)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from villagedesk.drafts.exit import ExitDraft, SignatureDraft
from villagedesk.errors import Problem, Refused
from villagedesk.policy.procedures import leads_to, procedure
from villagedesk.policy.signoff import SignoffScheme, member_digest, scheme
from villagedesk.services.households import one
from villagedesk.services.site import Site
from villagedesk.store.work import Work
from villagedesk.text import say


def current_scheme(site: Site) -> SignoffScheme:
    """The sign-off scheme in force; confirmed once the township has fixed it."""
    settled = all(point.path != "signoff.preset" for point in site.profile.unconfirmed)
    return scheme(site.profile, confirmed=settled)


def scheme_of(site: Site, case: ExitDraft) -> SignoffScheme:
    """The scheme a case was signed by; the one in force while nobody has signed."""
    preset = case.scheme.rpartition("/")[2]
    if case.signatures and preset in site.profile.signoff.presets:
        return replace(current_scheme(site), preset=site.profile.signoff.presets[preset])
    return current_scheme(site)


def record_marks(site: Site, work: Work, case: ExitDraft, marks: Sequence[SignatureDraft]) -> None:
    """Write down marks of a case; the first one freezes whom the sheet speaks of, and the scheme.

    Raises Refused for a place that is not on the sheet, or a mark dated in the future.
    """
    rules = scheme_of(site, case)
    problems = [problem for mark in marks for problem in _problems(rules, mark, site.today())]
    if problems:
        raise Refused(problems)
    for mark in marks:
        work.put_draft("signature", site.village, replace(mark, case_id=case.id))
    if not case.member_digest:
        household = one(work.connection, case.household_id)
        frozen = {"member_digest": member_digest(household), "scheme": rules.id}
        work.put("exit", site.village, frozen, case.id)


def set_marks_aside(site: Site, work: Work, case: ExitDraft) -> None:
    """Take the recorded marks away, because the sheet is signed anew; they stay in the history.

    Raises Refused once the procedure has left the signing behind: then the case itself has to go back.
    """
    if not leads_to(procedure(site.profile, "exit"), case.state, "sign"):
        raise Refused(say("The signing is over for this case. Return the case with the reason and begin a new one."))
    for mark in case.signatures:
        work.remove("signature", mark.id)
    work.put("exit", site.village, {"member_digest": ""}, case.id)


def _problems(rules: SignoffScheme, mark: SignatureDraft, today: date) -> list[Problem]:
    cells = {(cell.role.key, cell.item.key) for cell in rules.cells}
    problems = []
    if mark.role not in {role for role, _ in cells} or (mark.item and (mark.role, mark.item) not in cells):
        problems.append(Problem(say("The sheet has no place for this mark. Choose role and item."), "role"))
    if mark.signed_on and mark.signed_on > today:
        problems.append(Problem(say("A mark is dated in the future. Correct the date."), "signed_on"))
    return problems
