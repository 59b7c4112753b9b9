"""Three exits on a real desk, driven at random: whatever people do in whatever order, none leaves around a blocker."""

from __future__ import annotations

import shutil
import tempfile
from dataclasses import replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, ClassVar

from hypothesis import HealthCheck, Phase, event, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests.core.services.conftest import PASSPHRASE, TODAY, Story, clock_at
from tests.factories import YEAR
from villagedesk.desk import open_desk
from villagedesk.drafts.exit import EvaluationDraft, SignatureDraft
from villagedesk.drafts.notice import ObjectionDraft
from villagedesk.errors import Refused
from villagedesk.policy.quorum import Vote
from villagedesk.services.exits import EXITED

WHO = st.integers(0, 2)
VERBS = st.sampled_from(
    ["verify", "evaluate", "acknowledge", "sign", "post", "report", "approve", "announce", "mark"]
)  # fmt: skip


class Village(RuleBasedStateMachine):
    """Three households of one desk; :func:`test_nobody_exits_around_a_blocker` says which desk is copied."""

    prepared: ClassVar[Path]

    @initialize()
    def open(self) -> None:
        self.folder = Path(tempfile.mkdtemp())
        shutil.copytree(self.prepared, self.folder / "desk")
        self.clock = clock_at(TODAY)
        self.desk = open_desk(self.folder / "desk", PASSPHRASE, author="周敏", clock=self.clock)
        self.cases = Story(self.desk, self.clock).cases()

    def teardown(self) -> None:
        self.desk.close()
        shutil.rmtree(self.folder)

    def attempt(self, verb: Any) -> None:
        try:
            verb()
        except Refused as refusal:
            for problem in refusal.problems:
                assert str(problem).strip()

    @rule(days=st.sampled_from([0, 1, 8]))
    def time_passes(self, days: int) -> None:
        self.clock.to(self.clock().date() + timedelta(days=days))

    @rule(who=WHO, verb=VERBS)
    def a_step(self, who: int, verb: str) -> None:
        values: dict[str, Any] = {"mark": {"marked_on": self.clock().date()}}.get(verb, {})
        before = self.desk.exits.row(self.cases[who])
        barred = {step.verb for step in before.steps if not step.open}
        taken = self.desk.exits.take_possible([self.cases[who]], verb, "step", **values)
        after = self.desk.exits.get(self.cases[who])
        if verb in barred and not values:
            assert after.state == before.case.state
            assert taken.refused
        if after.state == "exited" != before.case.state:
            left = [blocker for blocker in self.desk.exits.row(self.cases[who]).blockers if blocker.hard]
            assert left == []

    @rule(verb=VERBS)
    def a_step_for_all(self, verb: str) -> None:
        """One who is held up holds up nobody else."""
        rows = {case: self.desk.exits.row(case) for case in self.cases}
        free = {c for c, row in rows.items() if any(step.verb == verb and step.open for step in row.steps)}
        taken = self.desk.exits.take_possible(self.cases, verb, "step")
        assert set(self.cases) - set(taken.refused) >= free

    @rule(agree=st.integers(10, 24))
    def the_meeting(self, agree: int) -> None:
        meeting = EvaluationDraft(year=YEAR, held_on=self.clock().date(), due=30, present=24)
        votes = {case: Vote(30, 24, agree, 24 - agree) for case in self.cases}
        self.attempt(lambda: self.desk.exits.evaluate(meeting, votes, "meeting"))

    @rule(who=WHO, answer=st.sampled_from(["agrees", "agrees", "disagrees"]))
    def the_household_answers(self, who: int, answer: str) -> None:
        case, day = self.cases[who], self.clock().date()
        self.attempt(lambda: self.desk.exits.answer(case, answer, day, "", "visit"))

    @rule(who=WHO, leave_out=st.integers(-1, 4), ahead=st.booleans())
    def the_signing(self, who: int, leave_out: int, ahead: bool) -> None:
        day = self.clock().date() + timedelta(days=int(ahead))
        marks = [
            SignatureDraft(role=cell.role.key, item=cell.item.key, person=f"人{cell.role.key}", signed_on=day,
                           mark=cell.role.marks[0])
            for at, cell in enumerate(self.desk.exits.scheme.cells) if at != leave_out
        ]  # fmt: skip
        self.attempt(lambda: self.desk.exits.sign(self.cases[who], marks, "signing day"))
        if ahead:
            days = [mark.signed_on for mark in self.desk.exits.get(self.cases[who]).signatures]
            assert day not in days

    @rule(who=WHO)
    def somebody_joins_the_household(self, who: int) -> None:
        case = self.desk.exits.get(self.cases[who])
        home = self.desk.households.get(case.household_id)
        baby = replace(home.members[-1], id="", name="新", person_no="", id_number="", relation="03",
                       birth=self.clock().date())  # fmt: skip
        self.attempt(lambda: self.desk.households.save(replace(home, members=(*home.members, baby)), "born"))

    @rule(who=WHO)
    def somebody_objects(self, who: int) -> None:
        draft = ObjectionDraft(case_id=self.cases[who], text="收入不实")
        self.attempt(lambda: self.desk.objections.register(draft, "told"))

    @rule(upheld=st.booleans())
    def the_objections_are_settled(self, upheld: bool) -> None:
        for row in self.desk.objections.all():
            if row.open:
                day = self.clock().date()
                verb = self.desk.objections.settle
                self.attempt(partial(verb, row.objection.id, "查看", "意见", upheld, day, "settled", by="周敏、吴刚"))

    @rule()
    def the_notice(self) -> None:
        ready = [c for c in self.cases if any(s.verb == "post" and s.open for s in self.desk.exits.row(c).steps)]
        if not ready:
            return

        def post() -> None:
            notice = self.desk.notices.draft("exit", YEAR, ready, "notice").records["notice"][0]
            self.desk.notices.plan_days(notice, self.clock().date(), "notice")
            self.desk.papers.print("exit_notice", [notice], "notice")
            self.desk.notices.post(notice, self.clock().date(), "公开栏", "张平", "posted")

        self.attempt(post)

    @rule()
    def the_township_replies(self) -> None:
        reply = {"township_reply": "30号", "replied_on": self.clock().date()}
        self.desk.exits.take_possible(self.cases, "approve", "reply", **reply)

    @rule(who=WHO)
    def an_honest_day(self, who: int) -> None:
        """Whatever the state of a case asks for is done as it should be; some days get as far as the mark."""
        case, day = self.cases[who], self.clock().date()
        state = self.desk.exits.get(case).state
        if state == "listed":
            self.attempt(lambda: self.desk.exits.record_checks(case, day, "周敏、吴刚", (), "visit"))
        elif state == "verified":
            self.the_meeting(agree=20)
        elif state == "evaluated":
            self.the_household_answers(who, "agrees")
        elif state == "acknowledged":
            self.the_signing(who, leave_out=-1, ahead=False)
        elif state == "signed":
            self.the_notice()
        elif state == "posted":
            self.clock.to(day + timedelta(days=8))
        elif state == "reported":
            self.the_township_replies()
            return
        marked = {"marked_on": self.clock().date()} if state == "announced" else {}
        verb = next((s.verb for s in self.desk.exits.row(case).steps if s.verb != "return"), "")
        taken = self.desk.exits.take_possible([case], verb, "as it should be", **marked)
        if not taken.refused and marked:
            event("a household exited")

    @invariant()
    def who_is_marked_has_exited_and_nobody_else(self) -> None:
        if not hasattr(self, "desk"):
            return
        for case_id in self.cases:
            case = self.desk.exits.get(case_id)
            home = self.desk.households.get(case.household_id)
            assert (case.state == "exited") == (home.state == EXITED)


def test_nobody_exits_around_a_blocker(prepared: Path) -> None:
    quick = settings(
        max_examples=6,
        stateful_step_count=26,
        deadline=None,
        phases=(Phase.explicit, Phase.generate),
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(type("OneVillage", (Village,), {"prepared": prepared}), settings=quick)
