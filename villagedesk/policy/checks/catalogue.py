"""The rule list of ``resources/policy/rules.toml``: what each rule is called, how grave it is, with what numbers.

A policy pack changes a rule under the same id: ``[rules.H19] max_households = 3``, ``on = false``, ``class = "R"``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType
from typing import Literal, get_args

from villagedesk import resources
from villagedesk.errors import Unreadable
from villagedesk.policy.shape import Faults, build, parsed
from villagedesk.text import say

Class = Literal["E", "S", "R"]
"""E error (holds up the steps the rule guards), S suspicious (shown at them; a note or an exemption), R reminder."""

_CLASSES: tuple[Class, ...] = get_args(Class)

Scope = Literal["member", "household", "village"]

Step = Literal["plan", "exit", "notice", "report", "monitoring", "village_exit"]
"""The procedures whose steps a rule can guard (``report``: the yearly adjustment); typing and saving never are."""

STAGES = ("preschool", "primary", "middle", "senior", "vocational", "college", "master")


@dataclass(frozen=True, slots=True)
class CodeGroups:
    """Which codes of a list, or which income items, mean the same to the rules."""

    id_resident: frozenset[str]
    id_certificate: frozenset[str]
    relation_spouse: frozenset[str]
    relation_male: frozenset[str]
    relation_female: frozenset[str]
    relation_parent: frozenset[str]
    relation_grandparent: frozenset[str]
    relation_child: frozenset[str]
    health_well: frozenset[str]
    health_ill: frozenset[str]
    health_disabled: frozenset[str]
    disability_limb: frozenset[str]
    disability_mind: frozenset[str]
    education_preschool: frozenset[str]
    education_low: frozenset[str]
    education_nine_years: frozenset[str]
    education_high: frozenset[str]
    school_none: frozenset[str]
    school_preschool: frozenset[str]
    school_primary: frozenset[str]
    school_middle: frozenset[str]
    school_senior: frozenset[str]
    school_vocational: frozenset[str]
    school_trade: frozenset[str]
    school_college: frozenset[str]
    school_master: frozenset[str]
    dropout_health: frozenset[str]
    labour_full: frozenset[str]
    labour_skilled: frozenset[str]
    job_public: frozenset[str]
    labour_weak: frozenset[str]
    labour_none: frozenset[str]
    labour_lost: frozenset[str]
    area_beyond_county: frozenset[str]
    cause_illness: frozenset[str]
    cause_disability: frozenset[str]
    cause_schooling: frozenset[str]
    cause_labour: frozenset[str]
    cause_other: frozenset[str]
    dwelling_danger: frozenset[str]
    dwelling_ungraded: frozenset[str]
    kind_plain: frozenset[str]
    kind_dibao: frozenset[str]
    kind_tekun: frozenset[str]
    state_exited: frozenset[str]
    monitoring_unstable: frozenset[str]
    monitoring_edge: frozenset[str]
    wish_relocation: frozenset[str]
    answer_yes: frozenset[str]
    answer_no: frozenset[str]
    item_dibao: frozenset[str]
    item_returned: frozenset[str]
    item_tekun: frozenset[str]
    item_pension: frozenset[str]
    measure_running: frozenset[str]
    plan_open: frozenset[str]
    loan_repaid: frozenset[str]
    wish_work: frozenset[str]
    answer_own_yes: frozenset[str]
    village_deep: frozenset[str]
    team_first_secretary: frozenset[str]


@dataclass(frozen=True, slots=True)
class RuleSpec:
    """One rule as data. ``built`` is False for a rule whose facts no form holds yet; ``needs`` names them.

    ``by``: the guards of the procedures that say the same at the step itself, so that it is said once; the rule then
    finds what reached the desk by other ways. ``warns``: why it only warns, where it could have held up a step.
    """

    key: str
    class_: Class
    scope: Scope
    title: str
    source: tuple[str, ...]
    guards: tuple[Step, ...] = ()
    by: tuple[str, ...] = ()
    warns: str = ""
    parameters: Mapping[str, object] = field(default_factory=dict)
    on: bool = True
    built: bool = True
    needs: str = ""


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Every rule of DOMAIN §7, the code groups, and the words by which a measure is recognised."""

    rules: Mapping[str, RuleSpec]
    groups: CodeGroups
    words: tuple[tuple[str, tuple[str, ...]], ...]  # family → what a text of it holds
    stages: Mapping[str, str]  # code of list schooling → one of STAGES, for students

    def named(self, text: str) -> frozenset[str]:
        """The families of measures that a text names."""
        return _named(self.words, text)


@lru_cache(maxsize=4096)
def _named(words: tuple[tuple[str, tuple[str, ...]], ...], text: str) -> frozenset[str]:
    return frozenset(family for family, named in words if any(word in text for word in named))


@dataclass(frozen=True, slots=True)
class _Sheet:
    """``rules.toml`` as it is written."""

    rules: Mapping[str, RuleSpec]
    groups: Mapping[str, tuple[str, ...]]
    words: Mapping[str, tuple[str, ...]]


@lru_cache
def shipped_catalogue() -> Catalogue:
    """The rule list this program ships."""
    return read_catalogue(resources.path("policy", "rules.toml"))


def read_catalogue(file: Path) -> Catalogue:
    """Read and check a rule list.

    Raises Unreadable naming file, key and reason.
    """
    faults = Faults(file.name)
    sheet = build(_Sheet, parsed(file, faults), "", faults)
    if sheet is not None:
        _check(sheet, faults)
    if sheet is None or faults.problems:
        raise Unreadable(faults.problems[0].text)
    rules = {key: replace(spec, parameters=_frozen_table(spec.parameters)) for key, spec in sheet.rules.items()}
    groups = CodeGroups(**{key: frozenset(codes) for key, codes in sheet.groups.items()})
    stages = {code: stage for stage in STAGES for code in getattr(groups, f"school_{stage}")}
    return Catalogue(MappingProxyType(rules), groups, tuple(sheet.words.items()), MappingProxyType(stages))


def adjusted(spec: RuleSpec, changes: Mapping[str, object], file: str = "rules") -> RuleSpec:
    """The rule as a policy pack wants it; ``file`` is the pack's name, for the error.

    Raises Unreadable where the pack names an unknown parameter or gives one of another kind.
    """
    faults = Faults(file)
    for key, value in changes.items():
        _check_change(spec, key, value, faults)
    if faults.problems:
        raise Unreadable(faults.problems[0].text)
    numbers = {key: value for key, value in changes.items() if key not in ("on", "class")}
    return replace(
        spec,
        class_=next((known for known in _CLASSES if known == changes.get("class")), spec.class_),
        on=bool(changes.get("on", spec.on)),
        parameters=_frozen_table({**spec.parameters, **numbers}),
    )


def _check(sheet: _Sheet, faults: Faults) -> None:
    wanted = {group.name for group in fields(CodeGroups)}
    for key in sorted(wanted - set(sheet.groups)):
        faults.add(f"groups.{key}", say("this key is missing"))
    for key in sorted(set(sheet.groups) - wanted):
        faults.add(f"groups.{key}", say("this key is not known here"))
    for key, spec in sheet.rules.items():
        if spec.built == bool(spec.needs):
            faults.add(f"rules.{key}.needs", say("exactly the rules that are not built say which facts they lack"))
        if spec.by and not spec.guards:
            faults.add(f"rules.{key}.by", say("a rule that guards no step has nobody who does it in its place"))


def _check_change(spec: RuleSpec, key: str, value: object, faults: Faults) -> None:
    path = f"rules.{spec.key}.{key}"
    if key == "class":
        if value not in _CLASSES:
            faults.add(path, say("it must be one of {values}", values=", ".join(_CLASSES)))
    elif key == "on":
        if not isinstance(value, bool):
            faults.add(path, say("it must be true or false"))
    elif key not in spec.parameters:
        faults.add(path, say("this rule has no such parameter"))
    elif type(_frozen(value)) is not type(spec.parameters[key]):
        faults.add(path, say("it must be of the same kind as {example}", example=repr(spec.parameters[key])))


def _frozen(value: object) -> object:
    if isinstance(value, list):
        return tuple(_frozen(part) for part in value)
    return _frozen_table(value) if isinstance(value, Mapping) else value


def _frozen_table(table: Mapping[str, object]) -> Mapping[str, object]:
    return MappingProxyType({key: _frozen(part) for key, part in table.items()})
