"""Procedures as data: which steps lead on from a state, and what stands in their way (DOMAIN §5).

The engine knows no procedure by name. What stands in the way is worked out by the caller for its kind of case
(``policy.signoff.blockers`` for an exit) and handed over as blockers; each step heeds those its guards name.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from villagedesk.errors import Problem, Refused
from villagedesk.policy.cases import Blocker
from villagedesk.policy.pack import Pack
from villagedesk.policy.pack_steps import ProcedureRules, State, Transition
from villagedesk.text import say

ALL = "all"  # a guard that heeds every hard blocker
LOGIC_RULES = "rules"  # a guard that heeds what the logic rules find (``rules.toml``)


@dataclass(frozen=True, slots=True)
class Step:
    """A step that leads on from a state. ``blockers`` refuse it, ``warnings`` are only shown."""

    verb: str
    title: str
    to: str
    actor: str
    documents: tuple[str, ...]
    days: int
    needs_reason: bool
    asks: tuple[str, ...]
    notice: str
    until: str
    blockers: tuple[Blocker, ...]
    warnings: tuple[Blocker, ...]

    @property
    def open(self) -> bool:
        """Whether the step can be taken now."""
        return not self.blockers


@dataclass(frozen=True, slots=True)
class Procedure:
    """One procedure of a profile in the order that is in force."""

    key: str
    title: str
    start: str
    states: Mapping[str, State]
    transitions: tuple[Transition, ...]

    @property
    def path(self) -> tuple[State, ...]:
        """The states that this order reaches, as the pack lists them; another order may have further ones."""
        names = reached(self.start, self.transitions)
        return tuple(state for key, state in self.states.items() if key in names)

    def next(self, state: str, found: Sequence[Blocker] = ()) -> tuple[Step, ...]:
        """The steps that lead on from ``state``, each with what stands in its way."""
        return tuple(_step(way, found) for way in self.transitions if state in way.from_)

    def advance(self, state: str, verb: str, found: Sequence[Blocker] = (), reason: str = "") -> str:
        """The state reached by taking the step ``verb``.

        Raises Refused naming each blocker with its field and remedy, a missing reason, or a step that does not lead on
        from ``state``.
        """
        step = next((step for step in self.next(state, found) if step.verb == verb), None)
        if step is None:
            raise Refused(self._no_such_step(state))
        problems = [_problem(blocker) for blocker in step.blockers]
        if step.needs_reason and not reason.strip():
            problems.append(Problem(say("Write down the reason for “{step}”.", step=step.title), "reason", verb))
        if problems:
            raise Refused(problems)
        return step.to

    def effect(self, state: str) -> str:
        """What reaching the state does: "exited", "registered", "removed", "closed", "back" or ""."""
        return self.states[state].effect

    def _no_such_step(self, state: str) -> list[Problem]:
        title = self.states[state].title if state in self.states else state
        ways = "、".join(way.title for way in self.transitions if state in way.from_) or "-"
        text = say("This step does not lead on from “{state}”. Possible now: {ways}.", state=title, ways=ways)
        return [Problem(text, "state", self.key)]


def procedure(pack: Pack, key: str, variant: str | None = None) -> Procedure:
    """The procedure ``key`` in the profile's order, or in a named ``variant`` ("" is the plain order).

    Raises Refused when the profile has no such procedure or variant.
    """
    rules = pack.procedures.get(key)
    order = "" if rules is None else rules.variant if variant is None else variant
    if rules is None or (order and order not in rules.variants):
        raise Refused(say("The policy pack has no procedure “{key}” of that order.", key=f"{key} {order}".strip()))
    return Procedure(key, rules.title, rules.start, rules.states, variant_transitions(rules, order))


def that_ends(pack: Pack, effect: str) -> str:
    """The key of the procedure that alone has this effect, "" where the profile has none."""
    ends = (key for key, rules in pack.procedures.items() for state in rules.states.values() if state.effect == effect)
    return next(ends, "")


def variant_transitions(rules: ProcedureRules, variant: str) -> tuple[Transition, ...]:
    """The steps of a procedure in one of its orders."""
    if not variant:
        return tuple(rules.transitions.values())
    change = rules.variants[variant]
    ways = {**rules.transitions, **change.transitions}
    return tuple(way for key, way in ways.items() if key not in change.without)


def reached(start: str, ways: Sequence[Transition]) -> frozenset[str]:
    """The states that these steps reach from ``start``."""
    seen, waiting = {start}, [start]
    while waiting:
        here = waiting.pop()
        fresh = {way.to for way in ways if here in way.from_} - seen
        seen |= fresh
        waiting += fresh
    return frozenset(seen)


def states_after(rules: ProcedureRules, verb: str) -> frozenset[str]:
    """The states in which a case is under way after the step ``verb`` was taken, those that end it left out."""
    reached = {way.to for way in rules.transitions.values() if way.key == verb}
    waiting = set(reached)
    while waiting:
        here = waiting.pop()
        further = {way.to for way in rules.transitions.values() if here in way.from_} - reached
        reached |= further
        waiting |= further
    return frozenset(state for state in reached if not rules.states[state].effect)


NoticeEvent = Literal["post", "result", "withdraw"]


def carried(steps: Procedure, state: str, kind: str, event: NoticeEvent) -> str:
    """The step that a notice of this kind takes along when it is posted, resulted or withdrawn; "" for none."""
    ways = (way for way in steps.transitions if state in way.from_)
    return next((way.key for way in ways if kind in _named(way, event)), "")


def _named(way: Transition, event: NoticeEvent) -> tuple[str, ...]:
    if event == "post":
        return way.notice, way.announced_with
    return (way.result_of,) if event == "result" else (way.withdrawn_with,)


def on_upheld(steps: Procedure, state: str) -> str:
    """The step that an upheld objection takes with a case in ``state``; "" where it changes nothing any more."""
    return next((way.key for way in steps.transitions if state in way.from_ and way.upheld), "")


def places(steps: Procedure) -> dict[str, int]:
    """How many steps lie before each one on the way from the start; steps that want a reason lead back."""
    found: dict[str, int] = {}
    seen, here = {steps.start}, {steps.start}
    while here:
        ways = [way for way in steps.transitions if not way.reason and here.intersection(way.from_)]
        place = max(found.values(), default=-1) + 1
        for way in ways:
            found.setdefault(way.key, place)
        here = {way.to for way in ways} - seen
        seen |= here
    return found


def leads_to(steps: Procedure, state: str, verb: str) -> bool:
    """Whether the step ``verb`` still lies ahead of a state, going forward only."""
    seen, ahead = {state}, [state]
    while ahead:
        here = ahead.pop()
        for way in steps.transitions:
            if here in way.from_ and way.to not in seen and steps.effect(way.to) != "back":
                seen.add(way.to)
                ahead.append(way.to)
    return any(way.key == verb and seen.intersection(way.from_) for way in steps.transitions)


def _step(way: Transition, found: Sequence[Blocker]) -> Step:
    heeded = [
        blocker
        for blocker in found
        if blocker.step in ("", way.key) and (ALL in way.guards or blocker.key in way.guards)
    ]
    return Step(way.key, way.title, way.to, way.actor, way.documents, way.days, way.reason,
                way.asks, way.notice, way.until,
                tuple(blocker for blocker in heeded if blocker.hard),
                tuple(blocker for blocker in heeded if not blocker.hard))  # fmt: skip


def _problem(blocker: Blocker) -> Problem:
    text = say("{what} {remedy}", what=blocker.text, remedy=blocker.remedy)
    return Problem(text, blocker.field, blocker.rule or blocker.key)
