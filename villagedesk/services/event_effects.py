"""What follows from an event by rule: head and relations, measures and wishes, pairing, exit case (decision 0031)."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from types import MappingProxyType

from villagedesk.drafts.household import HouseholdDraft, MemberDraft
from villagedesk.drafts.plan import PlanDraft
from villagedesk.errors import Problem, Refused
from villagedesk.policy import kinship
from villagedesk.policy.kinship import Kin
from villagedesk.policy.procedures import procedure, that_ends
from villagedesk.services.event_course import Afterwards, Course, demand_code
from villagedesk.services.site import Site
from villagedesk.text import say, tr

RULES: Mapping[str, str] = MappingProxyType({
    "member": "follows", "wish": "follows", "measure": "follows while open", "exemption": "follows",
    "pairing": "ends with the household", "exit": "goes back", "income": "stays", "visit": "stays", "plan": "stays",
    "event": "stays", "monitoring": "stays", "payment": "stays", "donation": "stays", "payout": "stays",
    "purchase": "stays", "survey": "stays", "share": "stays until the next yearly roster", "concern": "stays",
    "person_request": "stays",
})  # fmt: skip
"""What becomes of each kind of record that names a household or a person when persons change households."""

STRUCK_OFF = "03"  # household_out: wrongly identified
OPEN_MEASURES = frozenset({"planned", "active"})


def offered(site: Site, year: int) -> frozenset[str]:
    """The relation codes that forms of a year know."""
    return frozenset(code for code, _ in site.codes.choices("relation", year))


def settle_head(course: Course, household: HouseholdDraft, gone: Iterable[str], then: Afterwards) -> None:
    """Give the members who stay their head and relations, or close the file when nobody stays.

    Raises Refused when the head goes without a successor, when nobody stays and no reason for closing is given, or when
    a relation can only be told by a person and is not.
    """
    left = frozenset(gone)
    staying = [member for member in household.living if member.id not in left]
    if not staying:
        close_household(course, household, then.closing)
        return
    if then.closing:
        raise Refused(
            [Problem(say("Members are left in household {no}; its file stays open.", no=household.no), "closing")]
        )
    head = household.head
    if head is not None and head.id not in left and then.head_id in {"", head.id}:
        return
    if then.head_id not in {member.id for member in staying}:
        text = say("The head leaves household {no}. Choose who follows among those who stay.", no=household.no)
        raise Refused([Problem(text, "head_id")])
    follow_head(course, household, then, staying)


def follow_head(course: Course, household: HouseholdDraft, then: Afterwards, among: Sequence[MemberDraft]) -> None:
    """Make ``then.head_id`` the head of ``among``; the others' relations by rule or as answered."""
    kin = kinship.succeed(household.living, then.head_id, offered(course.site, course.when.on.year))
    wanted = {member.id for member in among}
    write_relations(course, [each for each in kin if each.member_id in wanted], then.relations)
    old = household.head
    course.heads.append((household.id, old.id if old else "", then.head_id))


def write_relations(course: Course, kin: Sequence[Kin], answers: Mapping[str, str]) -> None:
    """Write relations to the head. Raises Refused naming everybody whose relation nobody told."""
    problems = []
    for each in kin:
        code = each.new if each.new == kinship.HEAD else answers.get(each.member_id, each.new)
        problem = _relation_problem(course.site, each, code)
        if problem is not None:
            problems.append(problem)
        else:
            course.put("member", each.member_id, relation=code)
    if problems:
        raise Refused(problems)


def _relation_problem(site: Site, each: Kin, code: str) -> Problem | None:
    at = f"relations.{each.member_id}"
    if code == kinship.ASK:
        return Problem(say("Say how {name} is related to the new head.", name=each.name), at)
    if (code == kinship.HEAD) != (each.new == kinship.HEAD):
        return Problem(say("A household has one head. Choose another relation for {name}.", name=each.name), at)
    if site.codes.lists["relation"].entry(code) is None:
        return Problem(say("Choose the relation of {name} to the head from the list.", name=each.name), at)
    return None


def close_household(course: Course, household: HouseholdDraft, reason: str) -> None:
    """End a household's file: pairing, open measures, exit case, then the file itself with everybody in it."""
    if not reason:
        text = say("Nobody is left in household {no}. Say why its file is closed.", no=household.no)
        raise Refused([Problem(text, "closing")])
    demand_code(course.site, "household_out", reason, "closing")
    _demand_procedure(course, reason)
    end_pairings(course, household.id)
    end_measures(course, household.id)
    send_back(course, household.id, always=True)
    course.put("household", household.id, removed_reason=reason)
    for row in course.work.rows("member", household_id=household.id):
        course.work.remove("member", row["id"])
    course.work.remove("household", household.id)
    course.heads.append((household.id, household.head.id if household.head else "", ""))
    course.closed = household.id


def _demand_procedure(course: Course, reason: str) -> None:
    """Who was identified wrongly leaves the register by its procedure, where the profile has one (DOMAIN §5.2)."""
    key = that_ends(course.site.profile, "removed")
    if reason != STRUCK_OFF or course.by_procedure or not key:
        return
    text = say("Who was identified wrongly leaves by the procedure “{title}”. Begin it with the yearly adjustment.",
               title=course.site.profile.procedures[key].title)  # fmt: skip
    raise Refused([Problem(text, "reason_code" if course.reason_code == reason else "closing", key)])


def end_pairings(course: Course, household_id: str) -> None:
    """The helper of a household that is no more is free from the day of the event."""
    for row in course.work.rows("pairing", household_id=household_id, ends_on=None):
        why = tr("the household's file was closed")
        course.put("pairing", row["id"], ends_on=course.when.on, end_reason=why)


def end_measures(course: Course, household_id: str, member_ids: Iterable[str] | None = None) -> None:
    """Close what is planned or under way for persons who leave, or for the whole household (None); no mark remains."""
    wanted = None if member_ids is None else frozenset(member_ids)
    for row in course.work.rows("measure", household_id=household_id):
        if row["state"] in OPEN_MEASURES and (wanted is None or row["member_id"] in wanted):
            course.put("measure", row["id"], state="withdrawn")


def follow_persons(course: Course, from_id: str, to_id: str, member_ids: Iterable[str]) -> None:
    """Take persons over to another household with their wishes, exemptions and open measures."""
    wanted = frozenset(member_ids)
    for member_id in wanted:
        course.put("member", member_id, household_id=to_id)
    for kind in ("wish", "exemption"):
        for row in course.work.rows(kind, household_id=from_id):
            if row["member_id"] in wanted:
                course.put(kind, row["id"], household_id=to_id)
    for row in course.work.rows("measure", household_id=from_id):
        if row["member_id"] in wanted and row["state"] in OPEN_MEASURES:
            course.put("measure", row["id"], household_id=to_id, plan_id=_plan_for(course, to_id, row["plan_id"]))


def _plan_for(course: Course, household_id: str, plan_id: str) -> str:
    """The plan of the new household for the same year, begun as a draft when it has none; what was agreed stays so."""
    old = course.work.row("plan", plan_id)
    if old is None:
        return plan_id
    alike = course.work.rows("plan", household_id=household_id, year=old["year"], horizon=old["horizon"])
    if alike:
        return str(max(alike, key=lambda row: row["version"])["id"])
    profile = course.site.profile
    draft = PlanDraft(household_id=household_id, year=old["year"], horizon=old["horizon"], profile=profile.id,
                      profile_version=profile.version)  # fmt: skip
    return course.work.put_draft("plan", course.site.village, draft)


def send_back(course: Course, household_id: str, *, always: bool = False) -> None:
    """Return the open exit case of a household whose member list changed, with the reason.

    A case of which nothing was found, voted or signed yet speaks of nobody in particular: it stays, unless ``always``.
    """
    if "exit" not in course.site.profile.procedures:
        return
    steps = procedure(course.site.profile, "exit")
    why = tr("the member list changed on {day}", day=course.when.on.isoformat())
    for row in course.work.rows("exit", household_id=household_id):
        begun = row["verified_on"] or row["evaluated_on"] or row["answered_on"] or row["member_digest"]
        if steps.effect(row["state"]) or not (begun or always):
            continue
        way = next((w for w in steps.transitions if row["state"] in w.from_ and steps.effect(w.to) == "back"), None)
        if way is not None:
            course.put("exit", row["id"], state=way.to, returned_reason=why)
