"""Rules A26–A39, A41–A46: what a member is able to do and does for a living."""

from __future__ import annotations

from collections.abc import Iterator

from villagedesk.policy.checks.person_view import MemberView
from villagedesk.policy.checks.rule import Found, rule
from villagedesk.policy.checks.view import HouseholdView
from villagedesk.text import say

_GRADES = ("1", "2", "3", "4")  # of a disability, the gravest first


@rule("A26")
def labour_known(m: MemberView) -> Iterator[Found]:
    """The ability to work is filled in from the list."""
    if not m.draft.labour:
        yield Found("labour", say("The ability to work is missing. Choose one."))
    elif not m.ctx.allowed("labour", m.draft.labour):
        yield Found("labour", say("This ability to work is not on the list of the year. Choose another."))


@rule("A27")
def child_labour_capacity(m: MemberView, *, age: int) -> Iterator[Found]:
    """Children count as not able to work."""
    if m.under(age) and m.draft.labour and m.draft.labour not in m.groups.labour_none:
        yield Found("labour", say("A child under {age} counts as not able to work. Choose that.", age=age))


@rule("A28")
def unable_adult(m: MemberView, *, youngest: int, oldest: int) -> Iterator[Found]:
    """A healthy adult who is no student is able to work."""
    weak = m.unable or m.draft.labour in m.groups.labour_weak
    if weak and m.well and not m.student and m.aged(youngest, oldest):
        yield Found(
            "labour", say("Well, of working age and no student, but not fully able to work. Check, or note why.")
        )


@rule("A29")
def able_student(m: MemberView) -> Iterator[Found]:
    """A student does not count as labour."""
    if m.student and m.able:
        yield Found("labour", say("A student does not count as able to work. Check school stage and ability to work."))


@rule("A30")
def severe_limb_disability(m: MemberView, *, grade: int) -> Iterator[Found]:
    """A severe disability of the limbs does not go with full ability to work."""
    limbs = m.draft.disability_class in m.groups.disability_limb
    if limbs and m.draft.labour in m.groups.labour_full and m.draft.disability_grade in _GRADES[:grade]:
        yield Found("labour", say("A severe disability of the limbs, yet fully able to work. Check both."))


@rule("A31")
def old_labour(m: MemberView, *, age: int) -> Iterator[Found]:
    """Old people do not count as fully able to work."""
    if m.over(age) and m.draft.labour in m.groups.labour_full:
        yield Found("labour", say("Aged {age} and fully able to work. Check, or note that it is so.", age=m.age))


@rule("A32")
def child_work(m: MemberView, *, age: int) -> Iterator[Found]:
    """Nobody under 16 works away or holds a public post."""
    if m.under(age) and (m.works or m.on_post):
        yield Found(
            "work_months",
            say("Nobody under {age} may work. Find out what is true, and tell the township if so.", age=age),
        )


@rule("A33")
def old_on_post(m: MemberView, *, age: int) -> Iterator[Found]:
    """Old people hold no public post."""
    if m.over(age) and m.on_post:
        yield Found("post_kind", say("Aged {age} and on a public post. Check whether the post still runs.", age=m.age))


@rule("A34")
def place_and_months(m: MemberView) -> Iterator[Found]:
    """Where somebody works and for how many months go together."""
    placed = bool(m.draft.work_area or m.draft.work_place)
    if placed and not m.draft.work_months:
        yield Found("work_months", say("The place of work is given, but not for how many months. Ask and fill it in."))
    elif m.draft.work_months and not placed:
        yield Found("work_place", say("Months of work are given, but not where. Ask and fill in the county."))


@rule("A35")
def months_in_year(m: MemberView) -> Iterator[Found]:
    """A year has twelve months."""
    for name, months in (("work_months", m.draft.work_months), ("post_months", m.draft.post_months)):
        if months is not None and not 0 <= months <= 12:
            yield Found(name, say("Months of work in a year are 0 to 12. Correct the number."))


@rule("A36")
def place_names_county(m: MemberView, *, endings: tuple[str, ...]) -> Iterator[Found]:
    """The place of work is named down to the county, and no finer (§8.4)."""
    if m.draft.work_place and not m.draft.work_place.strip().endswith(endings):
        yield Found("work_place", say("Name the place of work down to the county, no finer."))


@rule("A37")
def unable_at_work(h: HouseholdView) -> Iterator[Found]:
    """Who cannot work neither works nor is placed in work."""
    placed = {v.draft.member_id for v in h.measures if v.draft.member_id and v.running and "employment" in v.families}
    for m in h.members:
        if m.unable and (m.works or m.on_post or m.draft.id in placed):
            yield Found(
                "labour", say("Recorded as not able to work, but works or is helped into work. Check both."), at=m.at
            )


@rule("A38")
def working_pupil(m: MemberView) -> Iterator[Found]:
    """Pupils up to senior high do not work away."""
    if m.stage in ("primary", "middle", "senior") and m.works:
        yield Found("work_months", say("At school and at work at once. Check which one is right."))


@rule("A41")
def post_and_months(m: MemberView) -> Iterator[Found]:
    """The kind of a public post and its months go together."""
    if m.draft.post_kind and not m.draft.post_months:
        yield Found("post_months", say("A public post is given, but not for how many months. Fill it in."))
    elif m.draft.post_months and not m.draft.post_kind:
        yield Found("post_kind", say("Months on a public post are given, but not which post. Fill it in."))


@rule("A43")
def supported_but_able(m: MemberView, *, youngest: int, oldest: int) -> Iterator[Found]:
    """特困供养 is for people who cannot support themselves."""
    if not m.draft.tekun:
        return
    if m.well and not m.student and m.aged(youngest, oldest):
        yield Found("tekun", say("Supported as destitute, yet well and of working age. Check with the township."))
    elif m.works:
        yield Found("tekun", say("Supported as destitute, yet at work. Check with the township."))


@rule("A44")
def post_outside_county(m: MemberView, *, workshop: tuple[str, ...]) -> Iterator[Found]:
    """Public posts and workshops of the scheme lie in the county."""
    if m.draft.work_area not in m.groups.area_beyond_county:
        return
    if m.on_post or any(word in m.draft.job_channel + m.draft.employer for word in workshop):
        yield Found(
            "work_area", say("A public post or village workshop, but work outside the county. Check which is right.")
        )


@rule("A46")
def skilled_without_work(m: MemberView, *, youngest: int, oldest: int) -> Iterator[Found]:
    """Who is trained and of working age probably has work."""
    trained = m.draft.education in m.groups.education_high or m.draft.labour in m.groups.labour_skilled
    if trained and m.aged(youngest, oldest) and not m.student and not m.works and not m.on_post:
        yield Found("work_months", say("Trained, of working age, and no work is recorded. Ask, or note why."))


@rule("A39")
def jobs_in_order(m: MemberView) -> Iterator[Found]:
    """A job ends after it began, and the next one begins after the last one ended; posts may run beside a job."""
    ended = ""
    for kind, where, first, last in sorted(m.draft.jobs, key=lambda job: job[2]):
        if last and first and last < first:
            yield Found("jobs", say("“{where}” ends before it begins. Correct the days.", where=where))
        if kind in m.groups.job_public:
            continue
        if first and ended and first < ended:
            yield Found("jobs", say("“{where}” begins before the job before it ended. Correct the days.", where=where))
        ended = max(ended, last)


@rule("A42")
def many_posts(m: MemberView, *, most: int) -> Iterator[Found]:
    """Hardly anybody holds three public posts in one year."""
    if len(m.draft.jobs) <= most:
        return
    first, last = f"{m.ctx.year}-01-01", f"{m.ctx.year}-12-31"
    posts = sum(
        kind in m.groups.job_public and begins <= last and (not ends or ends >= first)
        for kind, _, begins, ends in m.draft.jobs
    )
    if posts > most:
        yield Found("jobs", say("{n} public posts in one year. Check which of them are true.", n=posts))


@rule("A45")
def job_without_work(m: MemberView) -> Iterator[Found]:
    """Who is listed as not working has no job that still runs."""
    for kind, where, _, last in m.draft.jobs:
        if kind not in m.groups.job_public and not m.works and (not last or last > m.ctx.today.isoformat()):
            text = say("“{where}” still runs, yet no work is recorded. Fill in work or the last day.", where=where)
            yield Found("jobs", text)
