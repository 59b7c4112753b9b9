"""The demonstration carries households through the exit, by the procedure and its blockers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta

from villagedesk.demo.stage import REASON, Stage
from villagedesk.drafts.exit import EvaluationDraft, SignatureDraft
from villagedesk.errors import Refused
from villagedesk.policy.quorum import Vote
from villagedesk.services.exits import ExitRow
from villagedesk.text import say

_DUE, _PRESENT = 45, 38  # at the villagers' meeting


class Leaving:
    """From the list of intended exits to the notice whose days are over."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def leave(self) -> None:
        """Carry the households planned for this year through the exit; those who do not qualify are held back."""
        exits = self._stage.desk.exits
        planned = [each for each in self._stage.village.households if each.story.planned_now]
        ids = [self._stage.desk.households.by_no(each.draft.no).id for each in planned]
        self._stage.step(say("checking who can exit"), 0, 1)
        cases = exits.propose(self._stage.year, ids, REASON).records["exit"]
        exits.take(cases, "list", REASON)
        going = self._verify(cases)
        self._evaluate(going)
        for done, case_id in enumerate(going):
            self._stage.step(say("collecting signatures"), done, len(going))
            self._sign(exits.row(case_id), done)
        exits.take(going, "sign", REASON)
        self._post(going)

    def _verify(self, cases: Sequence[str]) -> list[str]:
        """Visit everybody; who meets all hard criteria goes on, the others are returned with the reason."""
        exits, going = self._stage.desk.exits, []
        for done, case_id in enumerate(cases):
            self._stage.step(say("checking who can exit"), done, len(cases))
            visitor = self._stage.village.staff.team[0].name
            exits.record_checks(case_id, self._stage.start, visitor, (), REASON)
            try:
                exits.take([case_id], "verify", REASON)
                going.append(case_id)
            except Refused:
                row = exits.row(case_id)
                self._stage.made.held_back.append(row.household.no)
                exits.take([case_id], "return", row.blockers[0].text.render("zh_CN"))
        return going

    def _evaluate(self, going: Sequence[str]) -> None:
        held = self._stage.start + timedelta(days=3)
        self._stage.clock.to(held)
        committee = self._stage.village.staff.committee
        meeting = EvaluationDraft(
            year=self._stage.year,
            held_on=held,
            place="村委会会议室",
            chair=committee[0],
            recorder=committee[2],
            due=_DUE,
            present=_PRESENT,
        )
        votes = {case_id: Vote(_DUE, _PRESENT, _PRESENT - n % 3, n % 3) for n, case_id in enumerate(going)}
        self._stage.desk.exits.evaluate(meeting, votes, REASON)
        if going:
            self._stage.desk.exits.take(going, "evaluate", REASON)

    def _sign(self, row: ExitRow, place: int) -> None:
        """Have the household agree and the signers mark the sheet, a day later each."""
        exits, first = self._stage.desk.exits, self._stage.start + timedelta(days=4)
        self._stage.clock.to(first)
        exits.answer(row.case.id, "agrees", first, "", REASON)
        exits.take([row.case.id], "acknowledge", REASON)
        marks = []
        for n, cell in enumerate(exits.scheme.cells):
            level = list(exits.scheme.preset.roles).index(cell.role.key)
            day = first + timedelta(days=level)
            self._stage.clock.to(day)
            marks.append(
                SignatureDraft(
                    role=cell.role.key,
                    item=cell.item.key,
                    person=self._signer(row, cell.role.level),
                    signed_on=day,
                    mark=_mark(cell.role.marks, place + n),
                )
            )
        exits.sign(row.case.id, marks, REASON)

    def _signer(self, row: ExitRow, level: str) -> str:
        staff = self._stage.village.staff
        place = next(n for n, each in enumerate(self._stage.village.households) if each.draft.no == row.household.no)
        names: Mapping[str, str] = {
            "household": row.household.head.name if row.household.head else "",
            "helper": self._stage.village.helper_of(place).name,
            "group": staff.group_heads.get(row.household.group, staff.committee[3]),
            "village": staff.committee[0],
            "team": staff.team[0].name,
            "township": staff.committee[4],
        }
        return names[level]

    def _post(self, going: Sequence[str]) -> None:
        """Print and post the notice, wait for its days to pass, write down the result, report."""
        notices, exits = self._stage.desk.notices, self._stage.desk.exits
        if not going:
            return
        notice_id = notices.draft("exit", self._stage.year, going, REASON).records["notice"][0]
        day = self._stage.clock().date() + timedelta(days=1)
        notices.plan_days(notice_id, day, REASON)
        self._stage.print("exit_notice", [notice_id])
        self._stage.clock.to(day)
        place = self._stage.desk.village.notice_places.split("、")[0] or "村务公开栏"
        notices.post(notice_id, day, place, self._stage.village.staff.committee[1], REASON)
        ends_on = notices.get(notice_id).ends_on or day
        self._stage.clock.to(ends_on + timedelta(days=1))
        notices.close(notice_id, "公示期满，未收到异议。", REASON)
        notices.file(notice_id, REASON)
        exits.take(going, "report", REASON, reported_on=self._stage.clock().date())


def _mark(kinds: Sequence[str], n: int) -> str:
    """A signature, now and then a handprint where the scheme allows one."""
    return "handprint" if "handprint" in kinds and n % 7 == 3 else kinds[0]
