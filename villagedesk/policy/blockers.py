"""The blockers of an exit and the order rules of its dates (DOMAIN §3.4), each one function that yields what it finds.

The pack says which hold and how hard; those of ``NEVER_SOFT`` are hard in every pack.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date

from villagedesk.drafts.exit import SignatureDraft
from villagedesk.policy.cases import Blocker, ExitFacts
from villagedesk.policy.criteria import RULES, CaseFacts
from villagedesk.policy.days import last_day
from villagedesk.policy.pack import Criterion, Pack, Preset, Signer
from villagedesk.policy.quorum import quorum_problems
from villagedesk.text import Text, say


@dataclass(frozen=True, slots=True)
class ExitCase:
    """A case beside the pack and the sign-off scheme it is judged by."""

    pack: Pack
    preset: Preset
    facts: ExitFacts
    limit: int = 0  # the number the pack gives to the blocker at hand


Finding = tuple[Text, str, Text]  # what is wrong, the draft field, the remedy
BlockerRule = Callable[[ExitCase], Iterator[Finding]]
BLOCKERS: dict[str, BlockerRule] = {}
ORDER_RULES: dict[str, BlockerRule] = {}
NEVER_SOFT = frozenset(
    (
        "criteria",
        "income_locked",
        "signatures",
        "household_answer",
        "objections",
        "notice_period",
        "members_changed",
        "dwelling_case",
        "schooling",
        "medical",
        "evaluation",
    )
)


def _blocker(registry: dict[str, BlockerRule]) -> Callable[[BlockerRule], BlockerRule]:
    def keep(function: BlockerRule) -> BlockerRule:
        registry[function.__name__] = function
        return function

    return keep


def found_blockers(pack: Pack, preset: Preset, facts: ExitFacts) -> tuple[Blocker, ...]:
    """Every blocker and broken order rule of the case, hard ones first, in the pack's order."""
    found: list[Blocker] = []
    for registry, settings in ((BLOCKERS, pack.signoff.blockers), (ORDER_RULES, pack.signoff.order)):
        for key, setting in settings.items():
            if setting.on:
                case = ExitCase(pack, preset, facts, setting.limit)
                found += [Blocker(key, setting.hard, *finding) for finding in registry[key](case)]
    return tuple(sorted(found, key=lambda blocker: not blocker.hard))


@_blocker(BLOCKERS)
def criteria(case: ExitCase) -> Iterator[Finding]:
    """A hard exit criterion that is unmet or unknown; also a case that was not assessed at all."""
    if not case.facts.assessments:
        yield say("The exit criteria were not checked."), "checks", say("Check the household against them.")
    for assessment in case.facts.assessments:
        if assessment.hard and assessment.result != "met":
            text = say("Criterion “{text}” is not met or not checked.", text=assessment.text)
            yield text, assessment.mend, assessment.because


@_blocker(BLOCKERS)
def schooling(case: ExitCase) -> Iterator[Finding]:
    """A child of school age that is out of school, whatever the criteria of the profile are."""
    yield from _by_rule(case, "education")


@_blocker(BLOCKERS)
def medical(case: ExitCase) -> Iterator[Finding]:
    """A living member without basic medical insurance."""
    yield from _by_rule(case, "medical")


def _by_rule(case: ExitCase, rule: str) -> Iterator[Finding]:
    criterion = next((c for c in case.pack.household_exit.values() if c.rule == rule), Criterion(rule, rule, rule))
    facts = CaseFacts(case.pack, case.facts.household, None, case.facts.today.year, case.facts.today)
    verdict = RULES[rule](facts, criterion)
    if verdict.result != "met":
        yield verdict.because, verdict.mend, say("Correct the member's entry once it is in order.")


@_blocker(BLOCKERS)
def income_locked(case: ExitCase) -> Iterator[Finding]:
    """The income statement is not signed and locked, or below the line."""
    facts = case.facts
    if facts.income is None or facts.income_locked_on is None:
        text = say("The income statement is not locked.")
        yield text, "income.locked_on", say("Reckon it with the household, have it signed, then lock it.")
    elif facts.line is None:
        text = say("There is no income line for the year.")
        yield text, "income.year", say("Ask the township for the line and its document and enter it.")
    elif not (_line_reached(case) or _carried_by_support(case)):
        text = say("The locked income statement is below the line of the year.")
        yield text, "income.lines", say("The household stays in the plan; try again when the income is reached.")


def _line_reached(case: ExitCase) -> bool:
    income, line = case.facts.income, case.facts.line
    return bool(income and line and line.reached(income.total(case.pack.income.concept), income.persons))


def _carried_by_support(case: ExitCase) -> bool:
    """Schemes that carry households without labour by 低保 do not hold them to the line (GZ-2.1)."""
    keys = {c.key for c in case.pack.household_exit.values() if c.rule == "income_or_support"}
    return any(a.key in keys and a.result == "met" for a in case.facts.assessments)


@_blocker(BLOCKERS)
def evaluation(case: ExitCase) -> Iterator[Finding]:
    """The villagers' meeting was not held, or its vote does not carry."""
    if case.facts.vote is None or case.facts.evaluated_on is None:
        text = say("The villagers' meeting has not evaluated the household.")
        yield text, "evaluated_on", say("Hold the meeting and enter its numbers.")
        return
    for problem in quorum_problems(case.pack.quorum, case.facts.vote):
        yield problem.text, problem.field, say("Enter the meeting that decided.")


@_blocker(BLOCKERS)
def household_answer(case: ExitCase) -> Iterator[Finding]:
    """The household did not agree."""
    answer = case.facts.household_answer
    if answer == "disagrees":
        text = say("The household does not agree.")
        yield text, "household_answer", say("Record its reason and go back to helping.")
    elif answer != "agrees" or case.facts.answered_on is None:
        text = say("The household's answer is not recorded.")
        yield text, "household_answer", say("Read the statement out at home and record the answer and its date.")


@_blocker(BLOCKERS)
def signatures(case: ExitCase) -> Iterator[Finding]:
    """A required cell of the sign-off sheet has no mark, or a mark its role may not make."""
    for role, item in cells(case.preset):
        if role.required and not _marks(case, role, item):
            text = say("No mark of {role} for “{item}”.", role=role.title, item=case.preset.items[item].text)
            yield text, "signatures", say("Have the sheet signed on paper, then record the mark.")
    for mark in case.facts.signatures:
        signer = case.preset.roles.get(mark.role)
        if signer is None or (mark.item and mark.item not in case.preset.items):
            text = say("A recorded mark belongs to no cell of the sign-off sheet.")
            yield text, "signatures", say("Remove it, or choose the right role.")
        elif mark.proxy and not signer.substitute:
            text = say("{role} signs in person; nobody may sign for it.", role=signer.title)
            yield text, "signatures", say("Have the person sign, by handprint where need be.")
        elif mark.mark not in signer.marks:
            text = say("{role} may not mark by {mark}.", role=signer.title, mark=_mark_word(case, mark))
            yield text, "signatures", say("Have the sheet marked again.")


def _mark_word(case: ExitCase, mark: SignatureDraft) -> str:
    return case.pack.signoff.mark_kinds.get(mark.mark, mark.mark)


def cells(preset: Preset) -> tuple[tuple[Signer, str], ...]:
    """(role, item key) of every cell to be marked: the diagonal, or each role for each item."""
    if preset.mode == "full":
        return tuple((role, item) for role in preset.roles.values() for item in preset.items)
    return tuple(zip(preset.roles.values(), preset.items, strict=True))


def _marks(case: ExitCase, role: Signer, item: str) -> list[SignatureDraft]:
    """The complete marks of a cell; a mark without an item covers the whole row."""
    return [
        mark
        for mark in case.facts.signatures
        if mark.role == role.key and mark.item in {"", item} and mark.person and mark.signed_on
    ]


@_blocker(BLOCKERS)
def members_changed(case: ExitCase) -> Iterator[Finding]:
    """The member list is another than at the first signature."""
    facts = case.facts
    if facts.signatures and facts.members_when_signed != facts.members_now:
        text = say("The members of the household changed after the first signature.")
        yield text, "members", say("Print the sheet again and have it signed anew.")


@_blocker(BLOCKERS)
def scans(case: ExitCase) -> Iterator[Finding]:
    """The profile demands a scan of the signed sheet and a mark has none."""
    if case.pack.signoff.scan_required and any(not mark.scan for mark in case.facts.signatures):
        yield say("The signed sheet is not scanned."), "signatures.scan", say("Scan the sheet and file it.")


@_blocker(BLOCKERS)
def notice_period(case: ExitCase) -> Iterator[Finding]:
    """The notice does not hang, is printed with too few days, or its days are not over."""
    facts, stage = case.facts, case.facts.notice_stage
    if stage is None or facts.posted_on is None or facts.notice_ends_on is None:
        yield say("The notice is not posted."), "notice_id", say("Print it, post it and record the day.")
        return
    due = last_day(facts.posted_on, stage.days, stage.day_rule, stage.day_kind, case.pack.days) if stage.days else None
    if due and facts.notice_ends_on < due:
        text = say("The notice ends on {end}; {days} days last until {due}.",
                   end=facts.notice_ends_on, days=stage.days, due=due)  # fmt: skip
        yield text, "notice.ends_on", say("Post a corrected notice.")
    elif facts.today <= facts.notice_ends_on:
        text = say("The notice hangs until {end}.", end=facts.notice_ends_on)
        yield text, "notice.ends_on", say("Go on after that day.")


@_blocker(BLOCKERS)
def objections(case: ExitCase) -> Iterator[Finding]:
    """An objection against this household is open. It holds up this case, not the whole list."""
    if case.facts.open_objections:
        text = say("{count} objections are open.", count=case.facts.open_objections)
        yield text, "objections", say("Look into them, answer and close them.")


@_blocker(BLOCKERS)
def dwelling_case(case: ExitCase) -> Iterator[Finding]:
    """A repair or rehousing case is still open (JS-3.3.1)."""
    if case.facts.dwelling_case_open:
        text = say("A case of unsafe housing is still open.")
        yield text, "dwelling", say("Close it with the date of the final check.")


@_blocker(BLOCKERS)
def proxy(case: ExitCase) -> Iterator[Finding]:
    """Somebody signed in another's place."""
    for mark in case.facts.signatures:
        if mark.proxy:
            text = say("Somebody signed for {role}.", role=_title(case, mark))
            yield text, "signatures", say("Note the reason; the township will ask.")


def _title(case: ExitCase, mark: SignatureDraft) -> str:
    signer = case.preset.roles.get(mark.role)
    return signer.title if signer else mark.role


@_blocker(BLOCKERS)
def near_line(case: ExitCase) -> Iterator[Finding]:
    """The income is hardly above the line."""
    facts, rules = case.facts, case.pack.income
    if facts.income and facts.line:
        total = facts.income.total(rules.concept)
        if facts.line.nearly(total, facts.income.persons, rules.near_percent):
            text = say("The income is less than {percent} % above the line.", percent=rules.near_percent)
            yield text, "income.lines", say("Make sure that it is steady.")


@_blocker(BLOCKERS)
def transfer_share(case: ExitCase) -> Iterator[Finding]:
    """Most of the income comes from transfers."""
    income, percent = case.facts.income, case.pack.income.transfer_percent
    if income and income.transfer * 100 > income.gross() * percent:
        text = say("More than {percent} % of the income comes from transfers.", percent=percent)
        yield text, "income.lines", say("Make sure that the household can live on its own.")


@_blocker(BLOCKERS)
def same_day(case: ExitCase) -> Iterator[Finding]:
    """All marks bear one date."""
    dates = {mark.signed_on for mark in case.facts.signatures}
    if len(case.facts.signatures) > 1 and len(dates) == 1:
        text = say("All signatures bear the same date.")
        yield text, "signatures.signed_on", say("Make sure that each wrote the day on which they signed.")


@_blocker(BLOCKERS)
def open_risk(case: ExitCase) -> Iterator[Finding]:
    """The household is being monitored."""
    if case.facts.monitoring_open:
        text = say("The household has an open monitoring risk.")
        yield text, "monitoring_class", say("Look whether the risk is solved.")


def _dates(case: ExitCase, level: str) -> list[date]:
    roles = {role.key for role in case.preset.roles.values() if role.level == level}
    return [mark.signed_on for mark in case.facts.signatures if mark.role in roles and mark.signed_on]


_SIGN_AGAIN = say("Correct the date from the paper, or have the sheet signed again in order.")


@_blocker(ORDER_RULES)
def household_before_village(case: ExitCase) -> Iterator[Finding]:
    """The household does not sign after the village."""
    household, village = _dates(case, "household"), _dates(case, "village")
    if household and village and max(household) > min(village):
        yield say("The household signed after the village."), "signatures.signed_on", _SIGN_AGAIN


@_blocker(ORDER_RULES)
def township_last(case: ExitCase) -> Iterator[Finding]:
    """The township signs last."""
    township = _dates(case, "township")
    others = [mark.signed_on for mark in case.facts.signatures if mark.signed_on]
    if township and min(township) < max(others):
        yield say("The township signed before others did."), "signatures.signed_on", _SIGN_AGAIN


@_blocker(ORDER_RULES)
def not_before_evaluation(case: ExitCase) -> Iterator[Finding]:
    """No mark is older than the villagers' meeting."""
    held = case.facts.evaluated_on
    if held and any(mark.signed_on and mark.signed_on < held for mark in case.facts.signatures):
        yield say("A signature is older than the villagers' meeting."), "signatures.signed_on", _SIGN_AGAIN


@_blocker(ORDER_RULES)
def within_term(case: ExitCase) -> Iterator[Finding]:
    """No date lies outside the procedure's window or in the future."""
    facts = case.facts
    dates = [mark.signed_on for mark in facts.signatures]
    dates += [facts.verified_on, facts.evaluated_on, facts.answered_on, facts.posted_on, facts.income_locked_on]
    first, last = facts.term_from or date.min, min(facts.term_to or date.max, facts.today)
    if any(day and not first <= day <= last for day in dates):
        text = say("A date of the case lies in the future or outside the term.")
        yield text, "signatures.signed_on", say("Compare the dates with the papers and correct them.")


@_blocker(ORDER_RULES)
def along_the_chain(case: ExitCase) -> Iterator[Finding]:
    """The dates do not decrease along the chain of signers."""
    latest = date.min
    for role in case.preset.roles.values():
        dates = [mark.signed_on for mark in case.facts.signatures if mark.role == role.key and mark.signed_on]
        if dates and min(dates) < latest:
            text = say("{role} signed before somebody earlier in the chain.", role=role.title)
            yield text, "signatures.signed_on", _SIGN_AGAIN
        latest = max([latest, *dates])


@_blocker(ORDER_RULES)
def one_role_each(case: ExitCase) -> Iterator[Finding]:
    """Nobody holds two roles on one sheet."""
    roles: dict[str, set[str]] = {}
    for mark in case.facts.signatures:
        roles.setdefault(mark.person, set()).add(mark.role)
    if any(person and len(held) > 1 for person, held in roles.items()):
        text = say("One person signed in two roles.")
        yield text, "signatures.person", say("Let another person of that office sign, or ask the township.")
