"""Which registered papers would print differently now, and in what (issue: re-print what changed).

Three things may have changed since: the data, the profile's words, the template. Data are told field by field, words by
their name, a template by the pieces of text that differ between the page as it was and the same data set today.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher

from villagedesk.documents.papers import load_papers
from villagedesk.documents.render import proof
from villagedesk.documents.sheet import Look, Sheet
from villagedesk.drafts.notice import PaperDraft
from villagedesk.errors import Refused
from villagedesk.services.frozen import Altered, differences, said_in, terms_of, thaw
from villagedesk.text import tr


@dataclass(frozen=True)
class Changed:
    """A registered paper that would print differently now. ``signed``: it came back with ink on it."""

    paper_id: str
    subject_id: str
    printed_on: date | None
    signed: bool
    altered: tuple[Altered, ...]
    look: Look


def newest(papers: Sequence[PaperDraft]) -> tuple[PaperDraft, ...]:
    """The last printing of each subject; what was printed before it is superseded already."""
    return tuple({paper.subject_id: paper for paper in papers}.values())


def changed(papers: Sequence[PaperDraft], now: Callable[[str], Sheet], terms: Mapping[str, str]) -> tuple[Changed, ...]:
    """Those of the papers that would print differently; ``now`` makes the sheet of a subject from today's data."""
    found = [(paper, _altered(paper, now, terms)) for paper in papers]
    return tuple(
        Changed(paper.id, paper.subject_id, paper.printed_on, bool(paper.signed), altered, thaw(paper.sheet).look)
        for paper, altered in found
        if altered
    )


def _altered(paper: PaperDraft, now: Callable[[str], Sheet], terms: Mapping[str, str]) -> tuple[Altered, ...]:
    kind = load_papers()[paper.kind]
    then = thaw(paper.sheet)
    try:
        data = differences(kind, then, now(paper.subject_id))
    except Refused as refusal:
        data = (Altered(tr("the whole paper"), "", str(refusal)),)
    before = terms_of(paper.sheet)
    words = tuple(Altered(name, before[name], terms.get(name, "")) for name in kind.words if name in before)
    return (*data, *(each for each in words if each.then != each.now), *_template(paper, then, before or terms))


def _template(paper: PaperDraft, then: Sheet, terms: Mapping[str, str]) -> tuple[Altered, ...]:
    """What today's template makes of the data of that time, where it is not what was printed."""
    try:
        digest, texts = proof(then, terms)
    except Refused as refusal:
        return (Altered(tr("text of the paper"), "", str(refusal)),)
    if digest == paper.digest:
        return ()
    was, is_now = said_in(paper.sheet), tuple("\n".join(texts).split("\n"))
    return tuple(_rewritten(was, is_now)) or (Altered(tr("layout of the paper"), "", ""),)


def _rewritten(was: Sequence[str], is_now: Sequence[str]) -> Iterator[Altered]:
    for kind, a, b, c, d in SequenceMatcher(None, was, is_now, autojunk=False).get_opcodes():
        then, now = "".join(was[a:b]), "".join(is_now[c:d])
        if kind != "equal" and then != now:  # a line that only breaks elsewhere says the same
            yield Altered(tr("text of the paper"), then, now)
