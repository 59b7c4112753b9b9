"""Loading policy packs: inheritance, the township's decisions, and every fault of a file in one sentence each.

A profile is named by its id, ``jiangsu-2018``; an overlay is added with a plus, ``jiangsu-2018+post-2021``.
"""

from __future__ import annotations

import dataclasses
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from villagedesk import resources
from villagedesk.errors import Problem, Refused, Unreadable
from villagedesk.policy.codes import CodeBook, load_codes
from villagedesk.policy.coherence import check_pack, check_sources
from villagedesk.policy.examples import check_examples
from villagedesk.policy.marks import Branch, Leaf, Mark, annotate, lay_over, leaves, plain, settle
from villagedesk.policy.pack import Head, Pack
from villagedesk.policy.shape import Faults, build, parsed, tables, text_of
from villagedesk.text import say

SPRING = 6  # forms of a year are filled from summer on
NOT_PACKS = frozenset({"codes.toml", "rules.toml", "indicators.toml", "sources.toml", "released.toml"})


@dataclass(frozen=True, slots=True)
class ProfileRow:
    """A pack in the list of packs; the counts are of marked places, not of single values."""

    id: str
    version: int
    title: str
    overlay: bool
    unconfirmed: int
    unverified: int


@dataclass(frozen=True, slots=True)
class OpenPoint:
    """A place of a pack that somebody has yet to confirm: its key path, what stands there now, who decides."""

    path: str
    value: object
    by: str
    source: str


@dataclass(frozen=True)
class Profile(Pack):
    """A policy pack ready for use: its sections, its words for codes, and the evidence of every value."""

    codes: CodeBook = field(default_factory=load_codes)
    marks: Mapping[str, Mark] = field(default_factory=dict)  # key path → evidence
    said: Mapping[str, object] = field(default_factory=dict)  # key path → value, as the packs write it

    @property
    def id(self) -> str:
        """The id under which records remember the profile; overlays are part of it."""
        return self.pack.id

    @property
    def version(self) -> int:
        """The version of the pack."""
        return self.pack.version

    @property
    def title(self) -> str:
        """The title of the pack."""
        return self.pack.title

    def form_year(self, year: int) -> int:
        """The year whose forms are in use in ``year``: those of the scheme's last year go on being used after its end.

        A scheme that ended in spring never saw the forms of that year. An overlay brings the forms of its own time.
        """
        end = self.pack.valid_to
        if end is None or "+" in self.id:
            return year
        return min(year, end.year if end.month > SPRING else end.year - 1)

    def mark(self, path: str) -> Mark:
        """The evidence of the value at a key path such as ``notices.exit.stages.village.days``."""
        return self.marks[path]

    @property
    def unconfirmed(self) -> tuple[OpenPoint, ...]:
        """What the township has yet to decide, one entry a marked place."""
        places = {mark.at: mark for mark in self.marks.values() if mark.must_confirm_by}
        return tuple(OpenPoint(at, _at(self, at), mark.must_confirm_by, mark.source) for at, mark in places.items())

    @property
    def unverified(self) -> tuple[str, ...]:
        """The key paths of marked places that no document proves."""
        return tuple({mark.at: None for mark in self.marks.values() if not mark.verified})


def _at(profile: Profile, path: str) -> object:
    node: object = profile
    for name in path.split("."):
        node = node.get(name) if isinstance(node, Mapping) else getattr(node, name, None)
    return node


def profiles(folder: Path | None = None) -> tuple[ProfileRow, ...]:
    """Every pack that can be chosen, profiles before overlays.

    Raises Unreadable for a broken pack.
    """
    rows = [_row(load_profile(file.stem, folder)) for file in _files(folder) if not _is_abstract(file)]
    return tuple(sorted(rows, key=lambda row: (row.overlay, row.id)))


def load_profile(
    name: str,
    folder: Path | None = None,
    settled: Mapping[str, object] | None = None,
    given: Sequence[str] = (),
) -> Profile:
    """The profile of this id, with what the township settled: key path → its value, None for "as it stands".

    ``given``: texts of packs that stand before those of the folder. Raises Refused when there is no such pack or a
    settled value does not fit, Unreadable when the file is broken.
    """
    if settled or given:
        return _load(name, _Shelf(_folder(folder), {head_of(text).id: text for text in given}), dict(settled or {}))
    with _reading:  # whoever comes while another reads the same waits for it
        return _cached(name, _folder(folder))


def head_of(text: str) -> Head:
    """What a pack says it is. Raises Unreadable when the text is none."""
    faults = Faults("pack")
    head = tables(text, faults).get("pack")
    found = build(Head, head if isinstance(head, Mapping) else {}, "pack", faults)
    if found is None:
        raise Unreadable(faults.problems[0].text)
    return found


def pack_text(name: str, given: Sequence[str] = ()) -> str:
    """The text of one pack: of those given, else of the shipped ones. Raises Refused when there is none."""
    return _Shelf(_folder(None), {head_of(text).id: text for text in given}).text(name)


def check_file(path: Path) -> tuple[Problem, ...]:
    """Every fault of one pack file: syntax, inheritance, schema, missing sources, contradictions.

    What it inherits is looked for beside the file, then among the shipped packs. Raises Unreadable for no text.
    """
    faults = Faults(path.name)
    text = text_of(path)
    try:
        branch = _resolved(path.stem, text, _Shelf(path.parent), faults)
    except Unreadable as error:
        return tuple(faults.problems) or (Problem(error.text, "pack.inherits", "schema"),)
    if _is_abstract(path):
        return tuple(faults.problems)
    profile = _typed(branch, faults)
    if profile is not None:
        check_examples(path, profile, faults)
    return tuple(faults.problems)


def _folder(folder: Path | None) -> Path:
    return folder or resources.path("policy")


def _files(folder: Path | None) -> list[Path]:
    return [file for file in sorted(_folder(folder).glob("*.toml")) if file.name not in NOT_PACKS]


def _is_abstract(file: Path) -> bool:
    head = parsed(file, Faults(file.name)).get("pack", {})
    return isinstance(head, Mapping) and head.get("abstract") is True


def _row(profile: Profile) -> ProfileRow:
    return ProfileRow(
        profile.id,
        profile.version,
        profile.title,
        profile.pack.overlay,
        len(profile.unconfirmed),
        len(profile.unverified),
    )


_reading = threading.Lock()


@lru_cache(maxsize=64)
def _cached(name: str, folder: Path) -> Profile:
    return _load(name, _Shelf(folder), {})


@dataclass(frozen=True)
class _Shelf:
    """Where packs are looked for: those given, then a folder, then the shipped ones."""

    folder: Path
    given: Mapping[str, str] = field(default_factory=dict)

    def text(self, name: str) -> str:
        """The text of a pack. Raises Refused when there is none of this name."""
        if name in self.given:
            return self.given[name]
        for place in (self.folder, resources.path("policy")):
            file = place / f"{name}.toml"
            if file.is_file() and file.name not in NOT_PACKS and name == Path(name).name:
                return text_of(file)
        raise Refused(say("There is no policy pack “{id}”. `villagedesk profiles` lists them.", id=name))


def _load(name: str, shelf: _Shelf, settled: Mapping[str, object]) -> Profile:
    base, *overlays = name.split("+")
    faults = Faults(f"{base}.toml")
    branch = _resolved(base, shelf.text(base), shelf, faults)
    for overlay in overlays:
        branch = lay_over(branch, _overlay(overlay, shelf.text(overlay), name, faults))
    for path, value in settled.items():
        branch = _decided(branch, path, value)
    profile = _typed(branch, faults)
    if profile is None and settled:
        raise Refused(faults.problems)
    if profile is None:
        raise Unreadable(faults.problems[0].text)
    return profile


def _resolved(name: str, text: str, shelf: _Shelf, faults: Faults, seen: tuple[str, ...] = ()) -> Branch:
    """The tree of a pack laid over everything it inherits."""
    tree = tables(text, faults)
    own = annotate({key: value for key, value in tree.items() if key != "examples"}, "", Mark(), faults)
    head = tree.get("pack")
    parent = head.get("inherits", "") if isinstance(head, Mapping) else ""
    if not parent:
        return own
    if parent in (*seen, name):
        faults.add("pack.inherits", say("it inherits from itself"))
        return own
    try:
        below = _resolved(str(parent), shelf.text(str(parent)), shelf, Faults(f"{name}.toml"), (*seen, name))
    except Refused:
        faults.add("pack.inherits", say("there is no policy pack “{id}”", id=parent))
        return own
    return lay_over(Branch({key: node for key, node in below.items.items() if key != "pack"}), own)


def _overlay(overlay: str, text: str, name: str, faults: Faults) -> Branch:
    """What an overlay itself says, under the id of the whole."""
    tree = tables(text, faults)
    if not tree["pack"].get("overlay"):
        raise Refused(say("“{id}” is a policy pack of its own and cannot be laid over another.", id=overlay))
    own = annotate({key: value for key, value in tree.items() if key not in {"examples", "pack"}}, "", Mark(), faults)
    own.items["pack"] = Branch({"id": Leaf(name, Mark())})
    return own


def _decided(branch: Branch, path: str, value: object) -> Branch:
    try:
        return settle(branch, path, value)
    except KeyError as error:
        raise Refused(say("The policy pack has no key “{path}” to confirm.", path=path)) from error


def _typed(branch: Branch, faults: Faults) -> Profile | None:
    pack = build(Pack, plain(branch), "", faults)
    found = {path: leaf for path, leaf in leaves(branch) if not path.startswith("pack.")}
    marks = {path: leaf.mark for path, leaf in found.items()}
    said = {path: leaf.value for path, leaf in found.items()}
    check_sources(marks, faults)
    if pack is None:
        return None
    check_pack(pack, faults)
    if faults.problems:
        return None
    sections = {entry.name: getattr(pack, entry.name) for entry in dataclasses.fields(Pack)}
    codes = load_codes().with_words(pack.codes_override)
    return Profile(**sections, codes=codes, marks=MappingProxyType(marks), said=MappingProxyType(said))
