"""What each figure of a report is counted from: one function a figure, each giving the rows behind it (N-8.1)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from villagedesk.drafts.household import HouseholdDraft
from villagedesk.policy.income import reckon
from villagedesk.policy.measures import newest
from villagedesk.services.employment import employment_line, of_working_age
from villagedesk.services.measures import lines_of
from villagedesk.services.projects import paid_out
from villagedesk.services.report_facts import Behind, Counted, Facts
from villagedesk.values import Step, each_told, no_step, per_head, yuan

Figure = Callable[[Facts], Counted]
FIGURES: dict[str, Figure] = {}


def figure(function: Figure) -> Figure:
    """Register a figure under the name of its function."""
    FIGURES[function.__name__] = function
    return function


def _of_households(households: Iterable[HouseholdDraft]) -> tuple[Behind, ...]:
    return tuple(_behind(each, f"{len(each.living)}人") for each in households)


def _behind(household: HouseholdDraft, text: str, kind: str = "household", record_id: str = "") -> Behind:
    head = household.head.name if household.head else ""
    place = " ".join(filter(None, (household.group, head, household.no)))
    return Behind(kind, record_id or household.id, household.id, place, text)


def _at_home(facts: Facts, kind: str, entry: Any, place: str, text: str) -> Behind:
    household = facts.household(getattr(entry, "household_id", ""))
    if household is not None:
        return _behind(household, f"{place} {text}".strip(), kind, entry.id)
    return Behind(kind, entry.id, "", place, text)


def _counted(rows: Sequence[Behind]) -> Counted:
    return Counted(len(rows), tuple(rows))


@figure
def households(facts: Facts) -> Counted:
    """Files that are open."""
    return _counted(_of_households(facts.open_households))


@figure
def persons(facts: Facts) -> Counted:
    """Their living members."""
    found = facts.open_households
    return Counted(sum(len(each.living) for each in found), _of_households(found))


def _marked(facts: Facts) -> list[HouseholdDraft]:
    ids = {case.household_id for case in facts.all("exit") if facts.period.holds(case.marked_on)}
    return [each for each in facts.open_households if each.id in ids]


@figure
def exited(facts: Facts) -> Counted:
    """Households marked in the period."""
    return _counted(_of_households(_marked(facts)))


@figure
def exited_persons(facts: Facts) -> Counted:
    """Their members."""
    found = _marked(facts)
    return Counted(sum(len(each.living) for each in found), _of_households(found))


@figure
def exited_rate(facts: Facts) -> Counted:
    """Those out, of all on file."""
    year = facts.period.last.year
    out = [
        each
        for each in facts.open_households
        if each.state in facts.exited_states and (each.exited_year or year) <= year
    ]
    return Counted(_percent(len(out), len(facts.open_households)), _of_households(out))


@figure
def new_households(facts: Facts) -> Counted:
    """Recognised in the year."""
    year = facts.period.last.year
    return _counted(_of_households(each for each in facts.open_households if each.identified_year == year))


@figure
def returned(facts: Facts) -> Counted:
    """Fallen back in the year."""
    year = facts.period.last.year
    return _counted(_of_households(each for each in facts.open_households if each.returned_year == year))


@figure
def monitored(facts: Facts) -> Counted:
    """With a class of monitoring."""
    return _counted(_of_households(each for each in facts.open_households if each.monitoring_class))


@figure
def income_per_head(facts: Facts) -> Counted:
    """All statements of the year, divided by the heads they count."""
    profile, total, heads, rows = facts.site.profile, 0, 0, []
    for income in facts.all("income"):
        household = facts.household(income.household_id)
        if income.year != facts.period.last.year or household is None or not income.persons:
            continue
        sum_ = reckon(income, profile).total(profile.income.concept)
        total, heads = total + sum_, heads + income.persons
        rows.append(_behind(household, f"{yuan(sum_)} 元，{income.persons}人", "income", income.id))
    return Counted(per_head(total, heads) if heads else None, tuple(sorted(rows, key=lambda row: row.place)))


@figure
def dwellings_rate(facts: Facts) -> Counted:
    """Houses mended, of those that had to be."""
    year = facts.period.last.year
    mended = [each for each in facts.open_households if (each.dwelling_repaired_year or year + 1) <= year]
    waiting = [each for each in facts.open_households if each.dwelling in facts.danger and each not in mended]
    rows = [*(_behind(each, f"{each.dwelling_repaired_year}年已改造") for each in mended),
            *(_behind(each, "未完成") for each in waiting)]  # fmt: skip
    return Counted(_percent(len(mended), len(mended) + len(waiting)), tuple(rows))


@figure
def visits(facts: Facts) -> Counted:
    """Visits to households."""
    found = [each for each in facts.all("visit") if each.household_id and facts.period.holds(each.visited_on)]
    return _counted([_at_home(facts, "visit", each, str(each.visited_on), each.visitor) for each in found])


@figure
def visited_households(facts: Facts) -> Counted:
    """Households visited at least once."""
    ids = {each.household_id for each in facts.all("visit") if facts.period.holds(each.visited_on)}
    return _counted(_of_households(each for each in facts.open_households if each.id in ids))


@figure
def leader_visits(facts: Facts) -> Counted:
    """Visits of the helping unit to the village."""
    found = [each for each in facts.all("visit") if each.rule and facts.period.holds(each.visited_on)]
    return _counted([_at_home(facts, "visit", each, str(each.visited_on), each.visitor) for each in found])


@figure
def promises_open(facts: Facts) -> Counted:
    """Promises not yet kept."""
    last = facts.period.last
    found = [
        each
        for each in facts.all("visit")
        if each.promise.strip()
        and (each.visited_on or last) <= last
        and (each.promise_kept_on is None or each.promise_kept_on > last)
    ]
    return _counted([_at_home(facts, "visit", each, str(each.visited_on), each.promise) for each in found])


@figure
def measures_standing(facts: Facts) -> Counted:
    """Measures under way in the plans of the year."""
    return _measures(facts, lambda measure: measure.state == "active")


@figure
def measures_done(facts: Facts) -> Counted:
    """Measures finished in the period."""
    return _measures(facts, lambda measure: measure.state == "done" and facts.period.holds(measure.done_on))


def _measures(facts: Facts, wanted: Callable[[Any], bool]) -> Counted:
    plans = newest(plan for plan in facts.all("plan") if plan.year == facts.period.last.year)
    found = [measure for _, measure in lines_of(plans) if wanted(measure)]
    return _counted([_at_home(facts, "measure", each, "", each.content) for each in found])


@figure
def projects_running(facts: Facts) -> Counted:
    """Projects under way."""
    return _projects(project for project in facts.all("project") if project.state == "running")


@figure
def projects_accepted(facts: Facts) -> Counted:
    """Projects accepted in the period."""
    return _projects(project for project in facts.all("project") if facts.period.holds(project.accepted_on))


def _projects(found: Iterable[Any]) -> Counted:
    return _counted([Behind("project", each.id, "", each.no, each.title) for each in found])


@figure
def money_arrived(facts: Facts) -> Counted:
    """What came in."""
    return _money(facts, [line for line in facts.all("payment") if line.way == "in"], arrived=True)


@figure
def money_paid(facts: Facts) -> Counted:
    """What went out, less what came back."""
    return _money(facts, [line for line in facts.all("payment") if line.way != "in"])


@figure
def money_households(facts: Facts) -> Counted:
    """What went to households."""
    return _money(facts, [line for line in facts.all("payment") if line.way != "in" and line.household_id])


def _money(facts: Facts, lines: Sequence[Any], *, arrived: bool = False) -> Counted:
    found = [line for line in lines if facts.period.holds(line.on)]
    total = sum(line.amount for line in found) if arrived else paid_out(found)
    rows = [_at_home(facts, "payment", line, str(line.on), f"{yuan(line.amount)} 元 {line.payee}") for line in found]
    return Counted(total, tuple(rows))


@figure
def donations(facts: Facts) -> Counted:
    """Gifts of money."""
    found = [gift for gift in facts.all("donation") if facts.period.holds(gift.on)]
    rows = [Behind("donation", gift.id, "", str(gift.on), f"{gift.donor} {yuan(gift.amount)} 元") for gift in found]
    return Counted(sum(gift.amount for gift in found), tuple(rows))


@figure
def dividends(facts: Facts) -> Counted:
    """What was paid out of assets."""
    paid = [each for each in facts.all("distribution") if each.year == facts.period.last.year and each.paid_on]
    rows = [
        _at_home(facts, "distribution", line, "", f"{yuan(line.amount)} 元") for each in paid for line in each.payouts
    ]
    return Counted(sum(line.amount for each in paid for line in each.payouts), tuple(rows))


@figure
def notices(facts: Facts) -> Counted:
    """Notices posted."""
    found = [notice for notice in facts.all("notice") if facts.period.holds(notice.posted_on)]
    titles = facts.site.profile.notices
    return _counted([Behind("notice", each.id, "", each.no, titles[each.kind].title) for each in found])


@figure
def concerns(facts: Facts) -> Counted:
    """Concerns registered."""
    return _concerns(each for each in facts.all("concern") if facts.period.holds(each.received_on))


@figure
def concerns_closed(facts: Facts) -> Counted:
    """Concerns closed."""
    return _concerns(each for each in facts.all("concern") if facts.period.holds(each.closed_on))


def _concerns(found: Iterable[Any]) -> Counted:
    """By number only: what was said, and by whom, stays on its own page."""
    return _counted([Behind("concern", each.id, "", each.no, str(each.received_on)) for each in found])


@figure
def activities(facts: Facts) -> Counted:
    """Trainings and meetings."""
    found = [each for each in facts.all("activity") if facts.period.holds(each.held_on)]
    return _counted([Behind("activity", each.id, "", str(each.held_on), each.title) for each in found])


@figure
def working_age(facts: Facts) -> Counted:
    """Everybody of 16 to 59 years, one line a person, with the work there is and what the plan holds (N-2.1)."""
    of_home: dict[str, list[Any]] = {}
    for measure in facts.all("measure"):
        of_home.setdefault(measure.household_id, []).append(measure)
    rows = [
        _behind(home, f"{each.name} {employment_line(facts.site, each, of_home.get(home.id, ())) or '—'}")
        for home in facts.open_households
        for each in of_working_age(home, facts.period.last)
    ]
    return _counted(rows)


@figure
def purchases(facts: Facts) -> Counted:
    """What helpers bought of the village's produce."""
    found = [each for each in facts.all("purchase") if facts.period.holds(each.bought_on)]
    rows = [
        _at_home(facts, "purchase", each, str(each.bought_on), f"{yuan(each.amount)} 元 {each.buyer} {each.goods}")
        for each in found
    ]
    return Counted(sum(each.amount for each in found), tuple(rows))


def _percent(part: int, whole: int) -> int | None:
    """Hundredths of a percent, half up; None of nothing."""
    return (part * 20_000 + whole) // (2 * whole) if whole else None


def counts(facts: Facts, keys: Sequence[str], step: Step = no_step) -> Mapping[str, Counted]:
    """The figures asked for; ``step`` is told figure by figure."""
    return {key: FIGURES[key](facts) for key in each_told(keys, step)}
