"""The scheme's own lists gone through at home (四看, GZ-4.1): what was seen, kept per household and year.

Answers are words. They are not added up, not compared between households and stand on no paper.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from villagedesk.drafts.survey import SurveyDraft
from villagedesk.errors import Problem, Refused
from villagedesk.policy.pack import Checklist
from villagedesk.records.load import load_where
from villagedesk.records.schema import RECORDS
from villagedesk.services.households import one
from villagedesk.services.site import Site
from villagedesk.store.work import Change
from villagedesk.text import say


class Surveys:
    """The lists of the scheme, and what was seen by them."""

    def __init__(self, site: Site) -> None:
        self._site = site

    @property
    def lists(self) -> Mapping[str, Checklist]:
        """The lists of the scheme; one without items has its content found nowhere and is kept as a note."""
        return self._site.profile.checklists

    def of_household(self, household_id: str, year: int) -> tuple[SurveyDraft, ...]:
        """One draft for each list of the scheme, in its order: what is stored, or an empty one."""
        table = RECORDS["survey"].table
        with self._site.store.read() as connection:
            found = load_where(connection, "survey", table.c.household_id == household_id, table.c.year == year)
        stored = {each.checklist: each for each in found.values()}
        return tuple(
            stored.get(key, SurveyDraft(household_id=household_id, year=year, checklist=key)) for key in self.lists
        )

    def save(self, draft: SurveyDraft, reason: str) -> Change:
        """Save what was seen. Raises Refused for an unknown list, a day ahead, or when nobody is named who looked."""
        problems = list(self._problems(draft))
        if problems:
            raise Refused(problems)
        with self._site.store.work("survey.save", reason) as work:
            one(work.connection, draft.household_id)
            kept = replace(draft, answers=tuple(answer.strip() for answer in draft.answers))
            work.put_draft("survey", self._site.village, kept)
        return work.change

    def _problems(self, draft: SurveyDraft) -> Iterator[Problem]:
        found = self.lists.get(draft.checklist)
        if found is None or len(draft.answers) > len(found.items):
            yield Problem(say("This scheme has no such list."), "checklist")
        if draft.seen_on is None or draft.seen_on > self._site.today():
            yield Problem(say("Enter the day of the visit; it does not lie ahead."), "seen_on")
        if not draft.seen_by.strip():
            yield Problem(say("Enter who looked."), "seen_by")
        if not any(answer.strip() for answer in draft.answers) and not draft.note.strip():
            yield Problem(say("Write down what was seen."), "answers")
