"""How everybody is related to a new head, from how they were related to the old one (code list relation, DOMAIN §4.4).

Relations compose: what X is to the new head follows from what X was to the old head and what the old head is to the
new one. Where the list's words leave it open (whose child is a grandchild?) nothing is guessed: a person is asked.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from villagedesk.drafts.household import MemberDraft

HEAD, SPOUSE, OTHER = "01", "02", "99"
ASK = ""

_MALE = frozenset({"03", "06", "07", "09", "11", "13", "15", "17", "19", "22", "24", "27"})
_FEMALE = frozenset({"04", "05", "08", "10", "12", "14", "16", "18", "20", "23", "25", "26"})


@dataclass(frozen=True, slots=True)
class Kin:
    """What a member was to the old head and is to the new one; ``new`` is "" where only a person can tell."""

    member_id: str
    name: str
    old: str
    new: str

    @property
    def asked(self) -> bool:
        """Whether no rule decides it."""
        return self.new == ASK


# What the old head is to the new one, by what the new head was to the old: "old head a man / a woman".
_INVERSE: Mapping[str, str] = MappingProxyType({
    "02": "02", "03": "11/12", "04": "11/12", "05": "15/16", "06": "13/14", "07": "17/18", "08": "17/18",
    "09": "19/20", "10": "19/20", "11": "03/04", "12": "03/04", "13": "06/05", "14": "06/05", "15": "06/05",
    "16": "06/05", "17": "07/08", "18": "07/08", "19": "09/10", "20": "09/10", "21": "21", "24": "27/99",
    "25": "27/99", "27": "24/25",
})  # fmt: skip

# What X is to the new head, by what the old head is to the new one, then by what X was to the old head. Alternatives:
# "m:"/"f:" the new head is a man or a woman, "M:"/"F:" the old head was; "a/b" X is a man or a woman; "=" unchanged;
# "!" holds only where the household has one person it can mean. What is not here is asked.
_SPOUSE = {
    **dict.fromkeys(("03", "04", "05", "06", "07", "08", "09", "10", "22", "23"), "="),
    **dict.fromkeys(("11", "12"), "m:13/14 f:15/16"),
    **dict.fromkeys(("13", "14", "15", "16"), "11/12"),
    **dict.fromkeys(("17", "18", "19", "20", "21", "26", "27"), "99"),
}
_PARENT = {
    "02": "11/12", "03": "21", "04": "21", "05": "m:!02 f:26", "06": "f:!02 m:99", "07": "m:!03/04", "08": "m:!03/04",
    "09": "f:!03/04 m:99", "10": "f:!03/04 m:99", "11": "M:17/18 F:19/20", "12": "M:17/18 F:19/20",
    "13": "19/20", "14": "19/20", "15": "17/18", "16": "17/18", "21": "M:27/99 F:99",
    **dict.fromkeys(("17", "18", "19", "20", "24", "25", "26", "27"), "99"),
}  # fmt: skip
_CHILD = {
    "02": "06/05", "03": "M:07/08 F:09/10", "04": "M:07/08 F:09/10", "11": "02", "12": "02", "21": "03/04",
    "26": "05", "27": "m:21 f:99", "17": "m:11/12 f:15/16", "18": "m:11/12 f:15/16",
    "19": "m:13/14 f:11/12", "20": "m:13/14 f:11/12",
    **dict.fromkeys(("07", "08", "09", "10"), "22/23"),
    **dict.fromkeys(("13", "14", "15", "16", "22", "23"), "99"),
}  # fmt: skip
_PARENT_IN_LAW = {
    "02": "m:13/14 f:15/16", "03": "f:!02", "04": "m:!02", "07": "f:!03/04", "08": "f:!03/04",
    "09": "m:!03/04", "10": "m:!03/04",
    **dict.fromkeys(("11", "12", "13", "14", "15", "16", "17", "18", "19", "20", "21", "27"), "99"),
}  # fmt: skip
_FATHERS_PARENT = {"02": "17/18", **dict.fromkeys(("11", "12", "17", "18", "19", "20", "21", "27"), "99")}
_MOTHERS_PARENT = {**_FATHERS_PARENT, "02": "19/20"}
_SIBLING = {
    "02": "M:26 F:99", "03": "M:24/25 F:99", "04": "M:24/25 F:99",
    **dict.fromkeys(("11", "12", "17", "18", "19", "20", "21", "27"), "="),
}  # fmt: skip

_TABLES: Mapping[str, Mapping[str, str]] = MappingProxyType({
    "02": _SPOUSE, "03": _CHILD, "04": _CHILD, "11": _PARENT, "12": _PARENT, "17": _FATHERS_PARENT,
    "18": _FATHERS_PARENT, "19": _MOTHERS_PARENT, "20": _MOTHERS_PARENT, "21": _SIBLING,
    **dict.fromkeys(("13", "14", "15", "16"), _PARENT_IN_LAW),
})  # fmt: skip


def succeed(members: Sequence[MemberDraft], head_id: str, offered: Iterable[str]) -> tuple[Kin, ...]:
    """What each of the living ``members`` becomes when ``head_id``, one of them, follows the present head.

    ``offered`` are the relation codes forms of the year know; a relation they do not know becomes 99.
    """
    old_head = next(member for member in members if member.relation == HEAD)
    new_head = next(member for member in members if member.id == head_id)
    to_new = _pick(_INVERSE.get(new_head.relation, ""), old_head)
    counts = _counts(members)
    known = frozenset(offered)
    return tuple(
        Kin(
            member.id, member.name, member.relation, _limited(_after(member, new_head, old_head, to_new, counts), known)
        )
        for member in members
    )


def join(members: Sequence[MemberDraft], head: MemberDraft, relation: str, offered: Iterable[str]) -> tuple[Kin, ...]:
    """What each of ``members`` becomes under another household's ``head``, to whom their own head is ``relation``."""
    old_head = next(member for member in members if member.relation == HEAD)
    known = frozenset(offered)
    return tuple(
        Kin(member.id, member.name, member.relation, _limited(_composed(member, head, old_head, relation, {}), known))
        for member in members
    )


def _after(
    member: MemberDraft, new_head: MemberDraft, old_head: MemberDraft, to_new: str, counts: Mapping[str, int]
) -> str:
    if member.id == new_head.id:
        return HEAD
    return _composed(member, new_head, old_head, to_new, counts)


def _composed(
    member: MemberDraft, new_head: MemberDraft, old_head: MemberDraft, to_new: str, counts: Mapping[str, int]
) -> str:
    if member.relation == HEAD:
        return to_new
    spec = _alternative(_TABLES.get(to_new, {}).get(member.relation, ""), new_head, old_head)
    if spec.startswith("!"):
        spec = spec[1:] if _unmistakable(new_head.relation, counts) else ""
    return member.relation if spec == "=" else _pick(spec, member)


def _alternative(spec: str, new_head: MemberDraft, old_head: MemberDraft) -> str:
    """The alternative of a table entry that fits the sexes of both heads."""
    if ":" not in spec:
        return spec
    wanted = {{"1": "m:", "2": "f:"}.get(_sex(new_head)), {"1": "M:", "2": "F:"}.get(_sex(old_head))}
    return next((choice[2:] for choice in spec.split() if choice[:2] in wanted), "")


def _pick(spec: str, member: MemberDraft) -> str:
    male, _, female = spec.partition("/")
    if not female:
        return male
    return {"1": male, "2": female}.get(_sex(member), ASK)


def _sex(member: MemberDraft) -> str:
    if member.sex in {"1", "2"}:
        return member.sex
    return "1" if member.relation in _MALE else "2" if member.relation in _FEMALE else ""


def _counts(members: Sequence[MemberDraft]) -> Mapping[str, int]:
    codes = [member.relation for member in members]
    return {code: codes.count(code) for code in set(codes)}


def _unmistakable(relation: str, counts: Mapping[str, int]) -> bool:
    """Whether the new head is the only one of the kind: the one son with at most one daughter-in-law, and so on."""
    pair = ("03", "05") if relation in {"03", "05"} else ("04", "06")
    return counts.get(relation) == 1 and all(counts.get(code, 0) <= 1 for code in pair)


def _limited(code: str, offered: frozenset[str]) -> str:
    return code if code == ASK or code in offered else OTHER
