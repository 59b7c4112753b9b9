"""What the schema cannot see: names in a pack that must exist elsewhere, and procedures without holes."""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Container, Iterable, Mapping

from villagedesk.drafts.household import HouseholdDraft
from villagedesk.drafts.plan import MeasureDraft
from villagedesk.policy.answer_gates import CONCERN_GATES, OBJECTION_GATES
from villagedesk.policy.blockers import BLOCKERS, NEVER_SOFT
from villagedesk.policy.chain import ORDER_RULES
from villagedesk.policy.codes import load_codes
from villagedesk.policy.course_gates import COURSE_GATES
from villagedesk.policy.criteria import RULES
from villagedesk.policy.income import GROUPS
from villagedesk.policy.marks import Mark
from villagedesk.policy.meeting_gates import MEETING_GATES
from villagedesk.policy.monitoring_gates import MONITORING_GATES
from villagedesk.policy.notice_gates import NOTICE_GATES
from villagedesk.policy.pack import Pack
from villagedesk.policy.pack_steps import Preset, ProcedureRules, RuleSetting, SignoffRules, Transition
from villagedesk.policy.plan_gates import PLAN_GATES
from villagedesk.policy.procedures import ALL, LOGIC_RULES, reached, variant_transitions
from villagedesk.policy.projects import PROJECT_GATES
from villagedesk.policy.shape import Faults
from villagedesk.policy.sources import is_source
from villagedesk.policy.village import VILLAGE_GATES
from villagedesk.text import say

_YEAR = re.compile(r"(19|20)\d\d")
GUARDS = frozenset(
    {
        ALL, LOGIC_RULES, *BLOCKERS, *ORDER_RULES, *NOTICE_GATES, *PLAN_GATES, *OBJECTION_GATES, *MONITORING_GATES,
        *VILLAGE_GATES, *COURSE_GATES, *PROJECT_GATES, *CONCERN_GATES, *MEETING_GATES,
    }
)  # fmt: skip
BEFORE_REMOVAL = frozenset({"on_register", "minutes_signed", "notice_period", "objections", "approval"})
"""What no pack takes off the step by which a household leaves the register (DOMAIN §5.2)."""
PROCEDURES = ("exit", "notice", "plan", "objection", "project", "concern", "evaluation")
_HOUSEHOLD_FIELDS = frozenset(field.name for field in dataclasses.fields(HouseholdDraft))
_MEASURE_FIELDS = frozenset(field.name for field in dataclasses.fields(MeasureDraft))


def check_sources(marks: Mapping[str, Mark], faults: Faults) -> None:
    """Every source id leads somewhere."""
    for at, source in sorted({(mark.at, mark.source) for mark in marks.values()}):
        for name in source.split():
            if not is_source(name):
                faults.add(at, say("source “{name}” is not in sources.toml", name=name))


def check_pack(pack: Pack, faults: Faults) -> None:
    """Every name a pack uses exists, and no procedure has a hole."""
    _check_codes(pack, faults)
    _check_income(pack, faults)
    _check_measures(pack, faults)
    _check_criteria(pack, faults)
    _known(faults, "team.apart", pack.team.apart, pack.team.roles)
    _check_signoff(pack, faults)
    stage = pack.notices["exit"].stages.get("village") if "exit" in pack.notices else None
    if stage is None or stage.days < 1:
        faults.add("notices.exit.stages.village.days", say("the notice of exits must hang for at least one day"))
    _known(faults, "procedures", PROCEDURES, pack.procedures)
    for key, rules in pack.procedures.items():
        _check_states(rules, f"procedures.{key}", faults)
        for variant in ("", *rules.variants):
            _check_procedure(rules, variant, f"procedures.{key}", faults)
            _check_references(pack, variant_transitions(rules, variant), f"procedures.{key}", faults)


def _known(faults: Faults, path: str, names: Iterable[str], allowed: Container[str]) -> None:
    for name in names:
        if name not in allowed:
            faults.add(path, say("“{name}” does not exist", name=name))


def _codes(name: str) -> frozenset[str]:
    return frozenset(entry.code for entry in load_codes().lists[name].entries)


def _check_codes(pack: Pack, faults: Faults) -> None:
    lists = load_codes().lists
    _known(faults, "codes_override", pack.codes_override, lists)
    for name, words in pack.codes_override.items():
        if name in lists:
            _known(faults, f"codes_override.{name}", words, _codes(name))
    _known(faults, "classes", pack.classes, _codes("support_class"))
    if pack.monitoring:
        _known(faults, "monitoring.classes", pack.monitoring.classes, _codes("monitoring_class"))


def _check_income(pack: Pack, faults: Faults) -> None:
    rules = pack.income
    _known(faults, "income.groups", GROUPS, rules.groups)
    _known(faults, "income.dividend_item", filter(None, [rules.dividend_item]), rules.items)
    _known(faults, "income.items", (item.partition(".")[0] for item in rules.items), GROUPS)
    tables = {"income.lines": rules.lines, "income.base": rules.base, **_by_province("income", rules.provinces)}
    if pack.monitoring:
        tables |= {"monitoring.lines": pack.monitoring.lines}
        tables |= _by_province("monitoring", pack.monitoring.provinces)
    for path, lines in tables.items():
        for year in lines:
            if not _YEAR.fullmatch(year):
                faults.add(f"{path}.{year}", say("it must be a year"))


def _by_province(section: str, provinces: Mapping[str, Mapping[str, int]]) -> dict[str, Mapping[str, int]]:
    return {f"{section}.provinces.{province}": lines for province, lines in provinces.items()}


def _check_measures(pack: Pack, faults: Faults) -> None:
    causes, kinds = _codes("cause"), _codes("wish_kind")
    _known(faults, "wishes", pack.wishes, kinds)
    _check_measure_fields(pack, faults)
    for key, category in pack.measures.items():
        for name in ("fields", "before", "at_end"):
            _known(faults, f"measures.{key}.{name}", getattr(category, name), pack.measure_fields)
        _known(faults, f"measures.{key}.causes", category.causes, causes)
        _known(faults, f"measures.{key}.wishes", category.wishes, pack.wishes)
        _known(faults, f"measures.{key}.part_wishes", category.part_wishes, category.parts)
        own = (kind for kinds in category.part_wishes.values() for kind in kinds)
        _known(faults, f"measures.{key}.part_wishes", own, pack.wishes)
        _known(faults, f"measures.{key}.other_wish", category.other_wish, category.parts)
    answered = {cause for category in pack.measures.values() for cause in category.causes}
    if unanswered := sorted(causes - answered - {"11"}):
        reason = say("no category answers the causes {codes}", codes=", ".join(unanswered))
        faults.add("measures", reason)


def _check_measure_fields(pack: Pack, faults: Faults) -> None:
    _known(faults, "measure_fields", pack.measure_fields, _MEASURE_FIELDS)
    for key, field in pack.measure_fields.items():
        _known(faults, f"measure_fields.{key}.codes", [field.codes] if field.kind == "code" else [], load_codes().lists)
    for key, rule in pack.wishes.items():
        _known(faults, f"wishes.{key}.before", rule.before, pack.measure_fields)


def _check_criteria(pack: Pack, faults: Faults) -> None:
    for key, criterion in pack.household_exit.items():
        _known(faults, f"household_exit.{key}.rule", [criterion.rule], RULES)
        if criterion.rule == "fact":
            _known(faults, f"household_exit.{key}.field", [criterion.field_], _HOUSEHOLD_FIELDS)
    if not any(criterion.hard for criterion in pack.household_exit.values()):
        faults.add("household_exit", say("at least one criterion must be hard"))


def _check_signoff(pack: Pack, faults: Faults) -> None:
    rules = pack.signoff
    _known(faults, "signoff.preset", [rules.preset], rules.presets)
    _known(faults, "signoff.blockers", rules.blockers, BLOCKERS)
    _known(faults, "signoff.order", rules.order, ORDER_RULES)
    for key in sorted(NEVER_SOFT):
        setting = rules.blockers.get(key, RuleSetting(on=False))
        if not (setting.on and setting.hard):
            faults.add(f"signoff.blockers.{key}", say("this blocker must be there, on and hard"))
    for key, preset in rules.presets.items():
        _check_preset(preset, rules, f"signoff.presets.{key}", faults)


def _check_preset(preset: Preset, rules: SignoffRules, path: str, faults: Faults) -> None:
    if preset.mode == "diagonal" and len(preset.roles) != len(preset.items):
        faults.add(path, say("a diagonal needs as many items as roles"))
    if not any(role.required for role in preset.roles.values()) or not preset.items:
        faults.add(path, say("it needs a required role and an item"))
    for role in preset.roles.values():
        _known(faults, f"{path}.roles.{role.key}.marks", role.marks, rules.mark_kinds)
    for item in preset.items.values():
        _known(faults, f"{path}.items.{item.key}.evidence", item.evidence, rules.evidence)


def _check_procedure(rules: ProcedureRules, variant: str, path: str, faults: Faults) -> None:
    ways = variant_transitions(rules, variant)
    where = f"{path}.variants.{variant}" if variant else path
    _known(faults, f"{path}.variant", [rules.variant] if rules.variant else [], rules.variants)
    _known(faults, f"{where}.start", [rules.start], rules.states)
    _known(faults, f"{where}.order_off", rules.variants[variant].order_off if variant else (), ORDER_RULES)
    for way in ways:
        _known(faults, f"{where}.{way.key}", (*way.from_, way.to), rules.states)
        _known(faults, f"{where}.{way.key}.guards", way.guards, GUARDS)
        if rules.states.get(way.to) and rules.states[way.to].effect == "exited" and ALL not in way.guards:
            faults.add(f"{where}.{way.key}.guards", say("a step into the exited state must be guarded by “all”"))
        if rules.states.get(way.to) and rules.states[way.to].effect == "removed":
            for guard in sorted(BEFORE_REMOVAL.difference(way.guards)):
                text = say("a step that takes a household off the register must be guarded by “{guard}”", guard=guard)
                faults.add(f"{where}.{way.key}.guards", text)
    for key in sorted(reached(rules.start, ways) & rules.states.keys()):
        if not rules.states[key].effect and not any(key in way.from_ for way in ways):
            faults.add(f"{where}.states.{key}", say("no step leads on from there"))


def _check_states(rules: ProcedureRules, path: str, faults: Faults) -> None:
    """Every state is reached in one of the orders."""
    orders = [reached(rules.start, variant_transitions(rules, order)) for order in ("", *rules.variants)]
    for key in sorted(rules.states.keys() - frozenset().union(*orders)):
        faults.add(f"{path}.states.{key}", say("no step leads there"))


def _check_references(pack: Pack, ways: Iterable[Transition], path: str, faults: Faults) -> None:
    """The notices and procedures that steps refer to are the profile's own."""
    for way in ways:
        kinds = filter(None, (way.notice, way.announced_with, way.result_of, way.withdrawn_with))
        _known(faults, f"{path}.{way.key}", kinds, pack.notices)
        _known(faults, f"{path}.{way.key}.decided_by", filter(None, (way.decided_by,)), pack.procedures)
