"""A policy pack from the township: what it would change in this village, shown before it is taken over (DESIGN §5.11).

The dry run asks the same services the same questions under both policies and keeps what they answer differently:
values of the pack, findings, exit criteria household by household, and papers already printed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from sqlalchemy import Connection

from villagedesk.documents.paper import Paper
from villagedesk.drafts.household import HouseholdDraft
from villagedesk.drafts.notice import PaperDraft
from villagedesk.drafts.team import VillageDraft
from villagedesk.durable import write_whole
from villagedesk.errors import Refused, VillageDeskError
from villagedesk.policy.checks.run import Finding
from villagedesk.policy.criteria import Assessment
from villagedesk.policy.profile import Profile, head_of
from villagedesk.policy.taken import profile_of, take, version_of
from villagedesk.records.load import load_where
from villagedesk.records.schema import RECORDS
from villagedesk.services.checks import Checks
from villagedesk.services.exit_facts import assessed, incomes_of
from villagedesk.services.frozen import Altered, differences
from villagedesk.services.papers import Papers
from villagedesk.services.reprints import newest
from villagedesk.services.sheets import common
from villagedesk.services.site import Site
from villagedesk.store.work import Change
from villagedesk.text import Text, say, tr
from villagedesk.values import Step, no_step


@dataclass(frozen=True)
class GivenPack:
    """A pack that came with a reply. ``here``: the version of it that counts in this village, 0 for none."""

    id: str
    title: str
    version: int
    here: int

    @property
    def fresh(self) -> bool:
        """Whether it can be taken over."""
        return self.version > self.here


@dataclass(frozen=True)
class ValueChange:
    """A value of the policy, by its key path, then and now; None where there is none."""

    path: str
    then: object
    now: object


@dataclass(frozen=True)
class CriterionChange:
    """An exit criterion that a household would meet otherwise; "" where the policy does not ask it."""

    household_id: str
    household_no: str
    head: str
    text: str
    then: str
    now: str
    because: Text


@dataclass(frozen=True)
class PaperChange:
    """A paper already printed that would say something else. ``signed``: it came back with ink on it."""

    paper_id: str
    title: str
    printed_on: date | None
    signed: bool
    altered: tuple[Altered, ...]


@dataclass(frozen=True)
class PolicyPreview:
    """What taking a pack over would change. ``then`` and ``now``: the title of the policy before and after."""

    pack: GivenPack
    then: str
    now: str
    values: tuple[ValueChange, ...]
    appear: tuple[Finding, ...]
    vanish: tuple[Finding, ...]
    criteria: tuple[CriterionChange, ...]
    papers: tuple[PaperChange, ...]


class PolicyChanges:
    """The packs that the township gave along."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def given(self) -> tuple[GivenPack, ...]:
        """The packs of the replies taken in so far, by id."""
        village = self._village()
        return tuple(_given(text, village) for _, text in sorted(self._texts().items()))

    def preview(self, pack: str, step: Step = no_step) -> PolicyPreview:
        """What the pack would change, nothing written. Raises Refused when it does not fit or is here already."""
        text, village = self._text(pack), self._village()
        then = self._under(profile_of(village))
        now = self._under(profile_of(take(village, text)))
        step(1, 4)
        before, after = _found(then), _found(now)
        step(2, 4)
        criteria = tuple(_criteria(then, now))
        step(3, 4)
        papers = tuple(_papers(then, now))
        step(4, 4)
        return PolicyPreview(
            _given(text, village),
            then.profile.title,
            now.profile.title,
            _values(then.profile, now.profile),
            tuple(after[key] for key in after if key not in before),
            tuple(before[key] for key in before if key not in after),
            criteria,
            papers,
        )

    def take(self, pack: str, reason: str) -> Change:
        """Take the pack over; it counts from the next opening of the desk. Raises Refused as :meth:`preview` does."""
        text, village = self._text(pack), self._village()
        taken = take(village, text)
        Checks(self._under(profile_of(taken))).run()  # a rule changed wrongly would show at every later look
        with self._site.store.work("policy.take", reason) as work:
            work.put("village", self._site.village, {"packs": taken.packs}, village.id)
        return work.change

    def save(self, pack: str, target: Path) -> None:
        """Write a pack as a file, for somebody who wants to read it."""
        texts = self._texts()
        if pack not in texts:
            raise _gone()
        write_whole(target, [texts[pack].encode()], read_back=True)

    def _texts(self) -> dict[str, str]:
        given: Mapping[str, str] = self._site.store.setting("packs", {})
        return {name.removesuffix(".toml"): text for name, text in given.items()}

    def _text(self, pack: str) -> str:
        texts = self._texts()
        if pack not in texts:
            raise _gone()
        given = _given(texts[pack], self._village())
        if not given.fresh:
            raise Refused(
                say("“{id}” counts here in version {here} already; the township gave version {version}. There is "
                    "nothing to take over.", id=pack, here=given.here, version=given.version)
            )  # fmt: skip
        return texts[pack]

    def _village(self) -> VillageDraft:
        with self._site.store.read() as connection:
            found = load_where(connection, "village", RECORDS["village"].table.c.code == self._site.village)
        village: VillageDraft = next(iter(found.values()))
        return village

    def _under(self, profile: Profile) -> Site:
        return replace(self._site, profile=profile, codes=profile.codes)


def _gone() -> Refused:
    return Refused(say("There is no such pack here. Receive the township's latest reply first."))


def _given(text: str, village: VillageDraft) -> GivenPack:
    head = head_of(text)
    return GivenPack(head.id, head.title, head.version, version_of(village, head.id))


def _values(then: Profile, now: Profile) -> tuple[ValueChange, ...]:
    paths = dict.fromkeys((*then.said, *now.said))
    pairs = ((path, then.said.get(path), now.said.get(path)) for path in paths)
    return tuple(ValueChange(*each) for each in pairs if each[1] != each[2])


def _found(site: Site) -> dict[tuple[str, ...], Finding]:
    return {
        (
            each.household_no,
            each.rule,
            each.class_,
            each.household_id,
            each.member_id,
            each.field,
            str(each.message),
        ): each
        for each in Checks(site).run().findings
    }


def _criteria(then: Site, now: Site) -> Iterator[CriterionChange]:
    """Of each household that has not left, the criteria with another answer under the new policy."""
    with then.store.read() as connection:
        for household, judged in _judged(connection, then, now):
            before, after = ({one.key: one for one in side} for side in judged)
            for key in dict.fromkeys((*before, *after)):
                old, new = before.get(key), after.get(key)
                shown = new or old
                results = (old.result if old else "", new.result if new else "")
                if shown is not None and results[0] != results[1]:
                    head = household.head.name if household.head else ""
                    yield CriterionChange(household.id, household.no, head, shown.text, *results, shown.because)


def _judged(
    connection: Connection, then: Site, now: Site
) -> Iterator[tuple[HouseholdDraft, tuple[Sequence[Assessment], Sequence[Assessment]]]]:
    year = then.today().year
    found = load_where(connection, "household", RECORDS["household"].table.c.village == then.village).values()
    homes = [home for home in found if not home.removed_reason and (home.returned_year or not home.exited_year)]
    incomes = incomes_of(connection, [home.id for home in homes])
    for home in sorted(homes, key=lambda each: each.no):
        income = incomes.get((home.id, year)) or incomes.get((home.id, year - 1))
        of = income.year if income else year
        yield home, (assessed(then, home, income, of, ()), assessed(now, home, income, of, ()))


def _papers(then: Site, now: Site) -> Iterator[PaperChange]:
    """The newest printing of each paper, where the new policy makes another sheet or other words of the same data."""
    with then.store.read() as connection:
        found = load_where(connection, "paper", RECORDS["paper"].table.c.village == then.village).values()
    before, after, papers = Papers(then), Papers(now), Papers(now).all()
    for kind in dict.fromkeys(paper.kind for paper in found):
        for paper in newest([each for each in found if each.kind == kind]):
            altered = _altered(paper, papers.get(kind), before, after) + _words(papers.get(kind), then, now)
            if altered:
                yield PaperChange(paper.id, papers[kind].title, paper.printed_on, bool(paper.signed), altered)


def _altered(paper: PaperDraft, template: Paper | None, before: Papers, after: Papers) -> tuple[Altered, ...]:
    if template is None:
        return ()
    try:
        then = before.sheet(paper.kind, paper.subject_id)
    except Refused:
        return ()  # it cannot be made any more, whatever the policy
    try:
        return differences(template, then, after.sheet(paper.kind, paper.subject_id))
    except VillageDeskError as error:
        return (Altered(tr("the whole paper"), "", str(error)),)


def _words(template: Paper | None, then: Site, now: Site) -> tuple[Altered, ...]:
    before, after = common.terms(then.profile), common.terms(now.profile)
    names = template.words if template else ()
    pairs = (Altered(name, before.get(name, ""), after.get(name, "")) for name in names)
    return tuple(each for each in pairs if each.then != each.now)
