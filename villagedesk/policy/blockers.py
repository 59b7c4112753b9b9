"""The blockers of an exit and the order rules of its dates (DOMAIN §3.4), each one function that yields what it finds.

The pack says which hold and how hard; those of ``NEVER_SOFT`` are hard in every pack.
"""

from __future__ import annotations

from collections.abc import Iterator

from villagedesk.drafts.exit import SignatureDraft
from villagedesk.policy.cases import Blocker, ExitCase, ExitFacts
from villagedesk.policy.chain import ORDER_RULES
from villagedesk.policy.criteria import RULES, CaseFacts
from villagedesk.policy.gates import Gate, registered
from villagedesk.policy.notices import Finding, notice_findings
from villagedesk.policy.pack import Criterion, Pack
from villagedesk.policy.pack_steps import Preset, RuleSetting, Signer
from villagedesk.policy.quorum import quorum_problems
from villagedesk.text import say

BLOCKERS: dict[str, Gate[ExitCase]] = {}
NEVER_SOFT = frozenset(
    (
        "criteria",
        "income_locked",
        "signatures",
        "household_answer",
        "objections",
        "notice_period",
        "on_notice",
        "members_changed",
        "dwelling_case",
        "schooling",
        "medical",
        "evaluation",
    )
)


def found_blockers(pack: Pack, preset: Preset, facts: ExitFacts) -> tuple[Blocker, ...]:
    """Every blocker and broken order rule of the case, hard ones first, in the pack's order."""
    found: list[Blocker] = []
    for registry, settings in ((BLOCKERS, pack.signoff.blockers), (ORDER_RULES, order_rules(pack))):
        for key, setting in settings.items():
            if setting.on:
                case = ExitCase(pack, preset, facts)
                found += [Blocker(key, setting.hard, *finding) for finding in registry[key](case)]
    return tuple(sorted(found, key=lambda blocker: not blocker.hard))


def order_rules(pack: Pack) -> dict[str, RuleSetting]:
    """The order rules that hold in the order in force of the exit: signing before the meeting lifts one of them."""
    rules = pack.procedures["exit"]
    lifted = rules.variants[rules.variant].order_off if rules.variant else ()
    return {key: setting for key, setting in pack.signoff.order.items() if setting.on and key not in lifted}


@registered(BLOCKERS)
def criteria(case: ExitCase) -> Iterator[Finding]:
    """A hard exit criterion that is unmet or unknown; also a case that was not assessed at all."""
    if not case.facts.assessments:
        yield say("The exit criteria were not checked."), "checks", say("Check the household against them.")
    for assessment in case.facts.assessments:
        if assessment.hard and assessment.result != "met":
            text = say("Criterion “{text}” is not met or not checked.", text=assessment.text)
            yield text, assessment.mend, assessment.because


@registered(BLOCKERS)
def schooling(case: ExitCase) -> Iterator[Finding]:
    """A child of school age that is out of school, whatever the criteria of the profile are."""
    yield from _by_rule(case, "education")


@registered(BLOCKERS)
def medical(case: ExitCase) -> Iterator[Finding]:
    """A living member without basic medical insurance."""
    yield from _by_rule(case, "medical")


def _by_rule(case: ExitCase, rule: str) -> Iterator[Finding]:
    criterion = next((c for c in case.pack.household_exit.values() if c.rule == rule), Criterion(rule, rule, rule))
    facts = CaseFacts(case.pack, case.facts.household, None, case.facts.today.year, case.facts.today)
    verdict = RULES[rule](facts, criterion)
    if verdict.result != "met":
        yield verdict.because, verdict.mend, say("Correct the member's entry once it is in order.")


@registered(BLOCKERS)
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


@registered(BLOCKERS)
def evaluation(case: ExitCase) -> Iterator[Finding]:
    """The villagers' meeting was not held, or its vote does not carry."""
    if case.facts.vote is None or case.facts.evaluated_on is None:
        text = say("The villagers' meeting has not evaluated the household.")
        yield text, "evaluated_on", say("Hold the meeting and enter its numbers.")
        return
    for problem in quorum_problems(case.pack.quorum, case.facts.vote):
        yield problem.text, problem.field, say("Enter the meeting that decided.")


@registered(BLOCKERS)
def household_answer(case: ExitCase) -> Iterator[Finding]:
    """The household did not agree."""
    answer = case.facts.household_answer
    if answer == "disagrees":
        text = say("The household does not agree.")
        yield text, "household_answer", say("Record its reason and go back to helping.")
    elif answer != "agrees" or case.facts.answered_on is None:
        text = say("The household's answer is not recorded.")
        yield text, "household_answer", say("Read the statement out at home and record the answer and its date.")


@registered(BLOCKERS)
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
        elif mark.proxy and not mark.proxy_reason.strip():
            text = say("Somebody signed for {role}, and it is not said why.", role=signer.title)
            yield text, "signatures.proxy_reason", say("Write down why the person could not sign.")
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


@registered(BLOCKERS)
def members_changed(case: ExitCase) -> Iterator[Finding]:
    """The member list is another than at the first signature."""
    facts = case.facts
    if facts.signatures and facts.members_when_signed != facts.members_now:
        text = say("The members of the household changed after the first signature.")
        yield text, "members", say("Print the sheet again and have it signed anew.")


@registered(BLOCKERS)
def scans(case: ExitCase) -> Iterator[Finding]:
    """The profile demands a scan of the signed sheet and a mark has none."""
    if case.pack.signoff.scan_required and any(not mark.scan for mark in case.facts.signatures):
        yield say("The signed sheet is not scanned."), "signatures.scan", say("Scan the sheet and file it.")


@registered(BLOCKERS)
def notice_period(case: ExitCase) -> Iterator[Finding]:
    """The notice does not hang, is printed with too few days, or its days are not over."""
    facts, days = case.facts, case.pack.days
    yield from notice_findings(facts.notice_stage, facts.posted_on, facts.notice_ends_on, facts.today, days)


@registered(BLOCKERS)
def on_notice(case: ExitCase) -> Iterator[Finding]:
    """The notice that the case names speaks of other households only (X04)."""
    if not case.facts.on_notice:
        text = say("This case is not on the notice it names, so the totals differ.")
        yield text, "posted_on", say("Withdraw the notice and draft it with this household.")


@registered(BLOCKERS)
def objections(case: ExitCase) -> Iterator[Finding]:
    """An objection against this household is open. It holds up this case, not the whole list."""
    if case.facts.open_objections:
        text = say("{count} {count:objection is|objections are} open.", count=case.facts.open_objections)
        yield text, "objections", say("Look into them, answer and close them.")


@registered(BLOCKERS)
def dwelling_case(case: ExitCase) -> Iterator[Finding]:
    """A repair or rehousing case is still open (JS-3.3.1)."""
    if case.facts.dwelling_case_open:
        text = say("A case of unsafe housing is still open.")
        yield text, "dwelling", say("Close it with the date of the final check.")


@registered(BLOCKERS)
def proxy(case: ExitCase) -> Iterator[Finding]:
    """Somebody signed in another's place."""
    for mark in case.facts.signatures:
        if mark.proxy:
            text = say("Somebody signed for {role}.", role=_title(case, mark))
            yield text, "signatures", say("Note the reason; the township will ask.")


def _title(case: ExitCase, mark: SignatureDraft) -> str:
    signer = case.preset.roles.get(mark.role)
    return signer.title if signer else mark.role


@registered(BLOCKERS)
def near_line(case: ExitCase) -> Iterator[Finding]:
    """The income is hardly above the line."""
    facts, rules = case.facts, case.pack.income
    if facts.income and facts.line:
        total = facts.income.total(rules.concept)
        if facts.line.nearly(total, facts.income.persons, rules.near_percent):
            text = say("The income is less than {percent} percent above the line.", percent=rules.near_percent)
            yield text, "income.lines", say("Make sure that it is steady.")


@registered(BLOCKERS)
def transfer_share(case: ExitCase) -> Iterator[Finding]:
    """Most of the income comes from transfers."""
    income, percent = case.facts.income, case.pack.income.transfer_percent
    if income and income.transfer * 100 > income.gross() * percent:
        text = say("More than {percent} percent of the income comes from transfers.", percent=percent)
        yield text, "income.lines", say("Make sure that the household can live on its own.")


@registered(BLOCKERS)
def same_day(case: ExitCase) -> Iterator[Finding]:
    """All marks bear one date."""
    dates = {mark.signed_on for mark in case.facts.signatures}
    if len(case.facts.signatures) > 1 and len(dates) == 1:
        text = say("All signatures bear the same date.")
        yield text, "signatures.signed_on", say("Make sure that each wrote the day on which they signed.")


@registered(BLOCKERS)
def open_risk(case: ExitCase) -> Iterator[Finding]:
    """The household is being monitored."""
    if case.facts.monitoring_open:
        text = say("The household has an open monitoring risk.")
        yield text, "monitoring_class", say("Look whether the risk is solved.")
