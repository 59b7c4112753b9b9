"""No rule raises, whatever the forms hold: nothing, rubbish, or figures beyond reason."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from typing import get_args, get_type_hints

from hypothesis import given
from hypothesis import strategies as st

from tests.core.checks.sound import TODAY, context
from villagedesk.drafts.exit import CheckDraft, EvaluationDraft, ExitDraft, SignatureDraft
from villagedesk.drafts.household import HouseholdDraft, IncomeDraft, IncomeLineDraft, MemberDraft
from villagedesk.drafts.notice import NoticeDraft
from villagedesk.drafts.plan import MeasureDraft, PlanDraft, WishDraft
from villagedesk.drafts.team import HelperDraft, PairingDraft, TeamMemberDraft, VillageDraft, VisitDraft
from villagedesk.policy.checks.catalogue import shipped_catalogue
from villagedesk.policy.checks.file import HouseholdFile, VillageFile
from villagedesk.policy.checks.run import check_one, run_checks
from villagedesk.policy.income import Line

ALL_ON = {key: {"on": True} for key, spec in shipped_catalogue().rules.items() if not spec.on}
CODES = ["", "01", "02", "03", "04", "05", "07", "1", "2", "9", "99", "C", "W", "？", "active", "done", "withdrawn"]
NUMBERS = [
    "",
    "1",
    "00000020080202001X",
    "00000019750301001",
    "99999919750301001X",
    "0000001975030100１x42",
    "00000019750230001X4２B1",
    "²" * 18,
    "٣" * 18,
    "X" * 20,
]
TEXTS = st.sampled_from([*CODES, *NUMBERS, "昆山市", "护林员", "扶贫小额信贷", "雨露计划", "培训", "transfer.dibao"])
WHOLE = st.sampled_from([0, 1, -1, 2, 3, 12, 13, 2019, 2020, 100_000, 5_000_000, 10**15])
DAYS = st.one_of(st.sampled_from([date.min, date.max, TODAY, date(2020, 2, 29)]), st.dates())


def values(hint: object) -> st.SearchStrategy[object]:
    """Anything a field of this type may hold."""
    if type(None) in get_args(hint):
        return st.one_of(*(st.none() if kind is type(None) else values(kind) for kind in get_args(hint)))
    if hint == tuple[tuple[str, str, str, str], ...]:
        days = st.sampled_from(["", "2020-02-29", "1999-01-01", "20200101"])
        return st.lists(st.tuples(st.sampled_from(CODES), TEXTS, days, days), max_size=4).map(tuple)
    if hint == tuple[tuple[str, str], ...]:
        return st.lists(st.tuples(TEXTS, TEXTS), max_size=3).map(tuple)
    if hint == tuple[str, ...]:
        return st.lists(st.sampled_from(CODES), max_size=3).map(tuple)
    return {str: TEXTS, int: WHOLE, bool: st.booleans(), date: DAYS}[hint]  # a hint is one of these types by now


def drafts(kind: type, **parts: st.SearchStrategy[object]) -> st.SearchStrategy[object]:
    """Any draft of a kind; ``parts`` for the fields that hold other drafts."""
    hints = get_type_hints(kind)
    plain = {field.name: values(hints[field.name]) for field in fields(kind) if field.name not in {*parts, "extra"}}
    return st.builds(kind, **plain, **parts)


def several(strategy: st.SearchStrategy[object], most: int = 3) -> st.SearchStrategy[tuple[object, ...]]:
    return st.lists(strategy, max_size=most).map(tuple)


HOUSEHOLDS = drafts(HouseholdDraft, members=several(drafts(MemberDraft), 4), removed_reason=st.just(""))
PLANS = drafts(PlanDraft, measures=several(drafts(MeasureDraft)), year=st.just(2020), horizon=st.just("year"))
EXITS = drafts(
    ExitDraft,
    checks=several(drafts(CheckDraft)),
    signatures=several(drafts(SignatureDraft, role=st.sampled_from(["household", "village", "?"]))),
    evaluation_id=st.just("e1"),
    notice_id=st.just("n1"),
)
NOTICES = drafts(NoticeDraft, id=st.sampled_from(["n1", ""]))
FILES = st.builds(
    HouseholdFile,
    household=HOUSEHOLDS,
    incomes=several(drafts(IncomeDraft, lines=several(drafts(IncomeLineDraft)))),
    plans=several(PLANS),
    wishes=several(drafts(WishDraft)),
    exits=several(EXITS),
    evaluations=several(drafts(EvaluationDraft, id=st.just("e1"))),
    notices=several(NOTICES),
    pairings=several(drafts(PairingDraft)),
    visits=several(drafts(VisitDraft)),
)
VILLAGES = st.builds(
    VillageFile,
    households=several(FILES, 4),
    village=drafts(VillageDraft),
    team=several(drafts(TeamMemberDraft)),
    helpers=several(drafts(HelperDraft)),
    notices=several(NOTICES),
)
LINES = st.sampled_from([None, Line(2020, 0), Line(2020, 600_000), Line(2020, 1_636_700, 45)])


@given(VILLAGES, LINES, st.booleans())
def test_no_rule_raises_on_any_village(files: VillageFile, line: Line | None, bare: bool):
    ctx = replace(context(), line=lambda _: line, monitoring_line=lambda _: line, parameters=ALL_ON)
    if bare:
        ctx = replace(ctx, codes={}, families={}, answers={}, signers=(), notice=None, terms={})
    for finding in run_checks(files, ctx).findings:
        assert finding.message.render("zh_CN")
        assert finding.message.render("en")


@given(FILES)
def test_the_order_of_members_changes_no_finding_of_the_household(file: HouseholdFile):
    ids = [replace(member, id=str(at)) for at, member in enumerate(file.household.members)]
    there = replace(file, household=replace(file.household, members=tuple(ids)))
    back = replace(file, household=replace(file.household, members=tuple(reversed(ids))))
    order_matters = {"H01", "H02", "H03", "A11"}  # they point at the second of two

    def told(of: HouseholdFile) -> list[tuple[str, str, str]]:
        return sorted((f.rule, f.field, f.member_id) for f in check_one(of, context()) if f.rule not in order_matters)

    assert told(there) == told(back)
