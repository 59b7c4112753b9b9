"""Running the rules: over a village, or over the one file that is open in a form."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from villagedesk.drafts.notice import ExemptionDraft
from villagedesk.policy.cases import Blocker
from villagedesk.policy.checks.catalogue import Class, RuleSpec, Step, adjusted
from villagedesk.policy.checks.check_context import CheckContext
from villagedesk.policy.checks.file import HouseholdFile, VillageFile
from villagedesk.policy.checks.functions import functions
from villagedesk.policy.checks.rule import Found, Rule
from villagedesk.policy.checks.view import HouseholdView, VillageView, view_household, view_village
from villagedesk.policy.procedures import LOGIC_RULES
from villagedesk.text import Text, say
from villagedesk.values import Step as Told
from villagedesk.values import each_told, no_step, shown_name


@dataclass(frozen=True, slots=True)
class Finding:
    """What a rule found, whose it is, and where it is mended. The message holds no ID number."""

    rule: str
    class_: Class
    household_id: str
    household_no: str
    member_at: int | None  # place in household.members, for a form whose members are not saved yet
    member_id: str
    member_name: str
    field: str  # draft field; "income.…", "plan.…", "exit.…", "notice.…", "village.…" for the papers around it
    record_id: str  # of that paper, "" for the household or member
    message: Text
    guards: tuple[Step, ...]
    said: bool = False  # a guard of the procedure says the same at its steps
    screen_name: str = ""  # the member's name as a screen shows it: of a child under 14 the surname only


@dataclass(frozen=True, slots=True)
class CheckReport:
    """All findings, the explained ones apart."""

    findings: tuple[Finding, ...]
    exempted: tuple[Finding, ...] = ()

    @property
    def counts(self) -> dict[str, int]:
        """Findings by class."""
        found = Counter(finding.class_ for finding in self.findings)
        return {"E": found["E"], "S": found["S"], "R": found["R"]}


@dataclass(frozen=True, slots=True)
class _Bound:
    """A rule with the profile's numbers in it."""

    spec: RuleSpec
    look: Rule


def run_checks(
    village: VillageFile,
    ctx: CheckContext,
    *,
    only: Collection[str] | None = None,
    exemptions: Iterable[ExemptionDraft] = (),
    step: Told = no_step,
) -> CheckReport:
    """Every rule (or those of ``only``) over every open file of the village; ``step`` is told household by household.

    Raises Unreadable when the pack changes a rule in a way it does not allow.
    """
    rules = _bound(ctx, only)
    households = [view_household(file, ctx) for file in village.households if not file.household.removed_reason]
    found = [finding for h in each_told(households, step) for finding in _of_household(h, rules)]
    found += _of_village(view_village(village, households, ctx), rules)
    explained = _explained(exemptions, ctx)
    if not explained:
        return CheckReport(tuple(found))
    return CheckReport(
        tuple(finding for finding in found if not _is_explained(finding, explained)),
        tuple(finding for finding in found if _is_explained(finding, explained)),
    )


class FormRules:
    """The rules of one household and its members (or those of ``only``), bound once for all day.

    What needs the whole village is left out.
    """

    def __init__(self, ctx: CheckContext, only: Collection[str] | None = None) -> None:
        self.context = ctx
        self._rules = _bound(ctx, only)

    def check(self, file: HouseholdFile, exemptions: Iterable[ExemptionDraft] = ()) -> tuple[Finding, ...]:
        """What they find in a file and nobody has explained."""
        found = tuple(_of_household(view_household(file, self.context), self._rules))
        explained = _explained(exemptions, self.context) if found else frozenset()
        return tuple(finding for finding in found if not _is_explained(finding, explained))


def check_one(file: HouseholdFile, ctx: CheckContext) -> tuple[Finding, ...]:
    """The rules of one household and its members, once."""
    return FormRules(ctx).check(file)


def step_blockers(findings: Iterable[Finding], step: Step, verb: str = "") -> tuple[Blocker, ...]:
    """What the rules say at a step they guard: errors hold it up, the others are shown.

    What a guard of the procedure says itself is left to it. ``verb``: the only step meant, "" for all of them.
    """
    return tuple(
        Blocker(
            LOGIC_RULES, finding.class_ == "E", finding.message, _place(finding), _remedy(finding), finding.rule, verb
        )
        for finding in findings
        if step in finding.guards and not finding.said
    )


def _place(finding: Finding) -> str:
    return finding.field if finding.member_at is None else f"members.{finding.member_at}.{finding.field}"


def _remedy(finding: Finding) -> Text:
    if finding.class_ == "E":
        return say("(Rule {rule}; what is in order can be explained under Findings.)", rule=finding.rule)
    return say("(Rule {rule}; it does not hold up the step.)", rule=finding.rule)


def findings_rows(findings: Iterable[Finding]) -> list[dict[str, str]]:
    """The rows of ``villagedesk check --json`` (INTERFACE)."""
    return [
        {
            "rule": finding.rule,
            "class": finding.class_,
            "household": finding.household_no,
            "member": finding.member_name,
            "field": finding.field,
            "message": str(finding.message),
        }
        for finding in findings
    ]


def _bound(ctx: CheckContext, only: Collection[str] | None) -> Mapping[str, tuple[_Bound, ...]]:
    """Scope → the rules that are built and switched on, with their numbers."""
    by_scope: dict[str, list[_Bound]] = {"member": [], "household": [], "village": []}
    for key, shipped in ctx.catalogue.rules.items():
        spec = adjusted(shipped, ctx.parameters[key]) if key in ctx.parameters else shipped
        if spec.on and spec.built and (only is None or key in only):
            look = functions()[key]
            by_scope[spec.scope].append(_Bound(spec, partial(look, **spec.parameters) if spec.parameters else look))
    return {scope: tuple(rules) for scope, rules in by_scope.items()}


def _of_household(h: HouseholdView, rules: Mapping[str, tuple[_Bound, ...]]) -> Iterator[Finding]:
    for rule in rules["household"]:
        for found in rule.look(h):
            yield _finding(rule.spec, found, h, found.at)
    for m in h.members:
        for rule in rules["member"]:
            for found in rule.look(m):
                yield _finding(rule.spec, found, h, m.at)


def _of_village(v: VillageView, rules: Mapping[str, tuple[_Bound, ...]]) -> Iterator[Finding]:
    for rule in rules["village"]:
        for found in rule.look(v):
            yield _finding(rule.spec, found, found.household, found.at)


def _finding(spec: RuleSpec, found: Found, h: HouseholdView | None, at: int | None) -> Finding:
    member = h.draft.members[at] if h is not None and at is not None else None
    return Finding(
        rule=spec.key,
        class_="S" if found.mild and spec.class_ == "E" else spec.class_,
        household_id=h.draft.id if h is not None else "",
        household_no=h.draft.no if h is not None else "",
        member_at=at,
        member_id=member.id if member is not None else "",
        member_name=member.name if member is not None else "",
        screen_name=shown_name(member.name, member.birth, h.ctx.today) if member is not None and h is not None else "",
        field=found.field,
        record_id=found.record,
        message=found.text,
        guards=spec.guards,
        said=bool(spec.by),
    )


def _explained(exemptions: Iterable[ExemptionDraft], ctx: CheckContext) -> frozenset[tuple[str, str, str]]:
    """(rule, household, member) of the exemptions in force today: with reason and name, begun, not expired."""
    return frozenset(
        (e.rule, e.household_id, e.member_id)
        for e in exemptions
        if e.reason and e.granted_by and (e.granted_on or ctx.today) <= ctx.today <= (e.expires_on or ctx.today)
    )


def _is_explained(finding: Finding, explained: frozenset[tuple[str, str, str]]) -> bool:
    return (finding.rule, finding.household_id, finding.member_id) in explained
