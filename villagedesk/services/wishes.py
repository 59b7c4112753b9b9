"""What each person was asked and answered: the household's own wish comes first (DOMAIN §8.5; N-9.1).

An answer is never written over: who thinks otherwise is asked again. Refusal and withdrawal close a line without any
mark; nothing here counts, ranks or presses anybody.
"""

from __future__ import annotations

from collections.abc import Iterator

from villagedesk.drafts.plan import MeasureDraft, WishDraft
from villagedesk.errors import Problem, Refused
from villagedesk.policy.wishes import ANY_MEASURE, NO, wish_kinds
from villagedesk.records.load import load
from villagedesk.services.asking import wish_problems
from villagedesk.services.consent import wishes_of
from villagedesk.services.households import one
from villagedesk.services.site import Site
from villagedesk.store.work import Change, Work
from villagedesk.text import say

_OPEN = frozenset({"planned", "active"})


class Wishes:
    """The wishes of a village's people."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def of_household(self, household_id: str) -> tuple[WishDraft, ...]:
        """What the members of a household were asked and answered, in order of asking."""
        with self._site.store.read() as connection:
            return wishes_of(connection, household_id)

    def save(self, draft: WishDraft, reason: str) -> Change:
        """Record what one person said. Raises Refused when the asking does not meet §8.5, or the answer stands."""
        with self._site.store.work("wish.save", reason) as work:
            household = one(work.connection, draft.household_id)
            problems = list(wish_problems(self._site.profile, draft, household, self._site.today()))
            problems += _written_over(work, draft)
            if problems:
                raise Refused(problems)
            work.put_draft("wish", self._site.village, draft, new_id=self._site.store.ids())
            if draft.answer == NO and draft.kind != ANY_MEASURE:
                self._close_lines(work, draft)
        return work.change

    def amend(self, wish_id: str, mark: str, copy_given: bool, reason: str) -> Change:
        """The paper of a wish was marked by the person, and a copy left; what was said stays as it is."""
        with self._site.store.work("wish.paper", reason) as work:
            _wish(work, wish_id)
            work.put("wish", self._site.village, {"mark": mark, "copy_given": copy_given}, wish_id)
        return work.change

    def withdraw(self, wish_id: str, reason: str) -> Change:
        """A person takes the wish back, at any time and without giving a reason; its measures end with it."""
        with self._site.store.work("wish.withdraw", reason) as work:
            wish = _wish(work, wish_id)
            work.put("wish", self._site.village, {"withdrawn_on": self._site.today()}, wish_id)
            for measure in self._resting_on(work, wish):
                work.put("measure", self._site.village, {"state": "withdrawn"}, measure.id)
        return work.change

    def _close_lines(self, work: Work, wish: WishDraft) -> None:
        """A no closes what was planned of this kind for the person, and what runs ends with it; neither is a mark."""
        for measure in self._resting_on(work, wish):
            state = "declined" if measure.state == "planned" else "withdrawn"
            work.put("measure", self._site.village, {"state": state}, measure.id)

    def _resting_on(self, work: Work, wish: WishDraft) -> Iterator[MeasureDraft]:
        rows = work.rows("measure", household_id=wish.household_id, member_id=wish.member_id)
        for measure in load(work.connection, "measure", [row["id"] for row in rows]).values():
            if wish.kind in wish_kinds(self._site.profile, measure) and measure.state in _OPEN:
                yield measure


def _wish(work: Work, wish_id: str) -> WishDraft:
    found = load(work.connection, "wish", [wish_id])
    if wish_id not in found:
        raise Refused(say("This record is not in the desk any more."))
    wish: WishDraft = found[wish_id]
    return wish


def _written_over(work: Work, draft: WishDraft) -> Iterator[Problem]:
    """What somebody said stays said, and what was taken back stays taken back."""
    if draft.withdrawn_on is not None:
        yield Problem(say("A wish is taken back by its person afterwards, not while it is written down."), "answer")
    if draft.id and work.row("wish", draft.id) is not None:
        yield Problem(say("What was answered stays on file. Ask again and write down the new answer."), "answer")
