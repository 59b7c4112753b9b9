"""Every procedure of every profile as a machine: whatever comes and goes on the way, no step passes a hard blocker."""

from __future__ import annotations

from typing import ClassVar

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from villagedesk.errors import Refused
from villagedesk.policy.cases import Blocker
from villagedesk.policy.coherence import GUARDS
from villagedesk.policy.procedures import ALL, Procedure, procedure
from villagedesk.policy.profile import load_profile, profiles
from villagedesk.text import say

PROFILES = (*(row.id for row in profiles() if not row.overlay), "jiangsu-2018+post-2021", "shangzhou-2020+post-2021")
REOPENED = {"household", "concern"}  # what ended may begin anew
KEYS = sorted(GUARDS - {ALL})
ORDERS = [
    (name, key, variant)
    for name in PROFILES
    for key, rules in load_profile(name).procedures.items()
    for variant in ("", *rules.variants)
]


def blocker(key: str, *, hard: bool) -> Blocker:
    return Blocker(key, hard, say("In the way: {key}.", key=key), f"field of {key}", say("Mend it."))


class Walk(RuleBasedStateMachine):
    """One procedure in one order; :func:`machine` says which."""

    way: ClassVar[Procedure]

    def __init__(self) -> None:
        super().__init__()
        self.state = self.way.start
        self.found: tuple[Blocker, ...] = ()
        self.path = [self.way.start]

    @rule(hard=st.sets(st.sampled_from(KEYS), max_size=3), soft=st.sets(st.sampled_from(KEYS), max_size=3))
    def things_come_and_go(self, hard: set[str], soft: set[str]) -> None:
        self.found = tuple(blocker(key, hard=True) for key in sorted(hard)) + tuple(
            blocker(key, hard=False) for key in sorted(soft - hard)
        )

    @precondition(lambda self: self.way.next(self.state))
    @rule(choice=st.integers(0, 20), reason=st.sampled_from(["", "  ", "核实不达标"]))
    def somebody_takes_a_step(self, choice: int, reason: str) -> None:
        steps = self.way.next(self.state, self.found)
        step = steps[choice % len(steps)]
        guards = next(t.guards for t in self.way.transitions if t.key == step.verb and self.state in t.from_)
        barring = {b.key for b in self.found if b.hard and (ALL in guards or b.key in guards)}
        lacks_reason = step.needs_reason and not reason.strip()
        try:
            to = self.way.advance(self.state, step.verb, self.found, reason)
        except Refused as refusal:
            named = {problem.rule for problem in refusal.problems if problem.field != "reason"}
            assert named == barring
            assert barring or lacks_reason
            for problem in refusal.problems:
                assert problem.field
                assert str(problem.text.render("en")).strip()
                if problem.rule in barring:
                    assert "Mend it." in problem.text.render("en")
            return
        assert not barring
        assert not lacks_reason
        self.state = to
        self.path.append(to)

    @rule(choice=st.integers(0, 40))
    def somebody_tries_a_step_out_of_order(self, choice: int) -> None:
        verb = self.way.transitions[choice % len(self.way.transitions)].key
        if verb in {step.verb for step in self.way.next(self.state)}:
            return
        with pytest.raises(Refused) as refusal:
            self.way.advance(self.state, verb, (), "x")
        assert [problem.field for problem in refusal.value.problems] == ["state"]

    @invariant()
    def the_state_is_one_of_the_procedure_and_the_path_hangs_together(self) -> None:
        assert self.state in self.way.states
        if len(self.path) > 1:
            before, here = self.path[-2:]
            assert any(before in t.from_ and t.to == here for t in self.way.transitions)

    @invariant()
    def an_end_is_an_end(self) -> None:
        if self.way.effect(self.state):
            assert self.way.next(self.state) == () or self.way.key in REOPENED


def machine(way: Procedure) -> type[RuleBasedStateMachine]:
    """The machine of one procedure in one order."""
    return type("Walk", (Walk,), {"way": way})


@pytest.mark.parametrize(("name", "key", "variant"), ORDERS)
def test_no_walk_passes_a_hard_blocker(name: str, key: str, variant: str) -> None:
    quick = settings(max_examples=6, stateful_step_count=16, deadline=None, suppress_health_check=list(HealthCheck))
    run_state_machine_as_test(machine(procedure(load_profile(name), key, variant)), settings=quick)


@pytest.mark.parametrize(("name", "key", "variant"), ORDERS)
def test_every_state_is_reached_and_leads_to_an_end(name: str, key: str, variant: str) -> None:
    way = procedure(load_profile(name), key, variant)
    reached, todo = {way.start}, [way.start]
    while todo:
        here = todo.pop()
        fresh = [step.to for step in way.next(here) if step.to not in reached]
        reached.update(fresh)
        todo += fresh
    assert [state.key for state in way.path] == [key for key in way.states if key in reached]
    for state in reached:
        seen, todo = {state}, [state]
        while todo:
            fresh = [step.to for step in way.next(todo.pop()) if step.to not in seen]
            seen.update(fresh)
            todo += fresh
        assert any(way.effect(end) for end in seen)


@pytest.mark.parametrize("name", PROFILES)
def test_no_state_is_out_of_reach_in_every_order(name: str) -> None:
    pack = load_profile(name)
    for key, rules in pack.procedures.items():
        seen = {state.key for order in ("", *rules.variants) for state in procedure(pack, key, order).path}
        assert seen == set(rules.states), key


@pytest.mark.parametrize("name", PROFILES)
def test_the_procedures_of_the_work_are_there(name: str) -> None:
    """Identification, adjustment, exit of household and village, monitoring, objections, notices, plans (DOMAIN §5)."""
    wanted = {
        "entry", "adjustment", "household", "exit", "village_exit", "monitoring", "objection", "notice", "plan",
        "evaluation", "removal",
    }  # fmt: skip
    assert wanted <= set(load_profile(name).procedures)


@pytest.mark.parametrize("name", PROFILES)
def test_what_a_step_posts_is_a_notice_of_the_profile_with_its_days(name: str) -> None:
    pack = load_profile(name)
    for rules in pack.procedures.values():
        for way in rules.transitions.values():
            if way.notice:
                stage = next(iter(pack.notices[way.notice].stages.values()))
                assert stage.days > 0, way.notice
                later = [t for t in rules.transitions.values() if way.to in t.from_]
                assert any("notice_period" in t.guards for t in later), way.key
