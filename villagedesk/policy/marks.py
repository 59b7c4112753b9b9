"""Where each value of a pack comes from, and how packs lay over each other.

Any table of a pack may carry ``source``, ``verified`` and ``must_confirm_by``; they hold for everything in it that says
nothing else. A single value is marked by writing it as ``{ value = 7, source = "P7", verified = false }``.
A table with ``replace = true`` drops what it would inherit; ``omit = true`` drops the inherited entry itself.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from villagedesk.policy.shape import Faults
from villagedesk.text import say

MARK_KEYS = ("source", "verified", "must_confirm_by")
UNMARKED = ("pack", "examples")  # the head describes the pack itself, the examples are the program's own
UNPROVEN = frozenset({"G", "D"})  # general knowledge, design proposal: never verified


@dataclass(frozen=True, slots=True)
class Mark:
    """Evidence of a value: ``source`` ids of DOMAIN §10, whether that source proves it, and who has yet to confirm it.

    ``at`` is the key path where the mark was written, so that a group of values counts once.
    """

    source: str = ""
    verified: bool = True
    must_confirm_by: str = ""
    at: str = ""


@dataclass(frozen=True, slots=True)
class Leaf:
    """One value of a pack with its mark."""

    value: object
    mark: Mark


@dataclass
class Branch:
    """A table of a pack whose values carry their marks."""

    items: dict[str, Branch | Leaf] = field(default_factory=dict)
    replaces: bool = False
    omitted: bool = False


def annotate(tree: Mapping[str, object], path: str, mark: Mark, faults: Faults) -> Branch:
    """``tree`` with the mark of every value worked out."""
    mark = _own(tree, path, mark, faults)
    branch = Branch(replaces=tree.get("replace") is True, omitted=tree.get("omit") is True)
    for name, value in tree.items():
        if not _says_how(name, value):
            branch.items[name] = _node(value, f"{path}.{name}" if path else name, mark, faults)
    return branch


def _says_how(name: str, value: object) -> bool:
    """Whether a key speaks about its table; a table of that name (a state called "verified") is content."""
    return name in (*MARK_KEYS, "replace", "omit") and not isinstance(value, Mapping)


def _node(value: object, path: str, mark: Mark, faults: Faults) -> Branch | Leaf:
    if not isinstance(value, Mapping):
        return _leaf(value, path, mark, faults)
    if "value" in value and value.keys() <= {"value", *MARK_KEYS}:
        return _leaf(value["value"], path, _own(value, path, mark, faults), faults)
    return annotate(value, path, mark, faults)


def _leaf(value: object, path: str, mark: Mark, faults: Faults) -> Leaf:
    marked = path.split(".", 1)[0] not in UNMARKED
    if marked and not mark.source:
        faults.add(path, say("no source is given for it or for a table around it"))
    if mark.verified and mark.source and set(mark.source.split()) <= UNPROVEN:
        faults.add(path, say("it rests on {source} only and must say verified = false", source=mark.source))
    return Leaf(value, mark)


def _own(tree: Mapping[str, object], path: str, mark: Mark, faults: Faults) -> Mark:
    """The mark that holds inside ``tree``. A new source starts as verified."""
    own: dict[str, Any] = {key: tree[key] for key in MARK_KEYS if key in tree and not isinstance(tree[key], Mapping)}
    for key, value in own.items():
        if not isinstance(value, bool if key == "verified" else str):
            faults.add(f"{path}.{key}", say("source and must_confirm_by are text, verified is true or false"))
            return mark
    if not own:
        return mark
    base = Mark(must_confirm_by=mark.must_confirm_by) if "source" in own else mark
    return replace(base, at=path, **own)


def lay_over(below: Branch, above: Branch) -> Branch:
    """``above`` laid over ``below``, key by key; the order of ``below`` is kept."""
    if above.replaces:
        return Branch(_without_omitted(above.items))
    items = dict(below.items)
    for name, node in above.items.items():
        old = items.get(name)
        if isinstance(node, Branch) and isinstance(old, Branch):
            items[name] = lay_over(old, node)
        else:
            items[name] = node
        if isinstance(node, Branch) and node.omitted:
            del items[name]
    return Branch(items)


def _without_omitted(items: dict[str, Branch | Leaf]) -> dict[str, Branch | Leaf]:
    return {name: node for name, node in items.items() if not (isinstance(node, Branch) and node.omitted)}


def plain(branch: Branch) -> dict[str, object]:
    """The values without their marks."""
    return {name: plain(node) if isinstance(node, Branch) else node.value for name, node in branch.items.items()}


def leaves(branch: Branch, path: str = "") -> Iterator[tuple[str, Leaf]]:
    """(key path, leaf) of every value."""
    for name, node in branch.items.items():
        below = f"{path}.{name}" if path else name
        if isinstance(node, Branch):
            yield from leaves(node, below)
        else:
            yield below, node


def settle(branch: Branch, path: str, value: object) -> Branch:
    """The tree with the township's decision on ``path``: ``value``, or as it stands when ``value`` is None.

    A value may stand under a new key (the line of a new year); the schema judges it afterwards. Raises KeyError when
    there is nothing at ``path`` that could be confirmed as it stands.
    """
    name, _, rest = path.partition(".")
    node = branch.items.get(name)
    if node is None and value is None:
        raise KeyError(path)
    if rest:
        changed: Branch | Leaf = settle(node if isinstance(node, Branch) else Branch(), rest, value)
    else:
        changed = _settled(node or Branch(), value)
    return Branch({**branch.items, name: changed})


def _settled(node: Branch | Leaf, value: object) -> Branch | Leaf:
    decided = Mark(source="U")  # U: decided by the township
    if isinstance(value, Mapping):
        return annotate(value, "", decided, Faults(""))
    if value is not None:
        return Leaf(value, decided)
    if isinstance(node, Branch):
        return Branch({name: _settled(item, None) for name, item in node.items.items()})
    return Leaf(node.value, replace(node.mark, must_confirm_by=""))
