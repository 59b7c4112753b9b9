"""Which registered papers would print differently now, and in what (issue: re-print what changed).

Three things may have changed since: the data, the profile's words, the template. Data are told field by field, words by
their name, a template by the pieces of text that differ between the page as it was and the same data set today.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from difflib import SequenceMatcher

from villagedesk.documents.fitting import fitted
from villagedesk.documents.paper import Paper
from villagedesk.documents.render import proof
from villagedesk.documents.sheet import Look, Sheet
from villagedesk.drafts.notice import PaperDraft
from villagedesk.errors import Refused
from villagedesk.services.frozen import Altered, differences, said_in, terms_of, thaw
from villagedesk.text import tr
from villagedesk.values import Step, each_told, no_step


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


@dataclass(frozen=True)
class Today:
    """What is printed now: the template, what makes the sheet of a subject, the profile's words."""

    paper: Paper
    sheet: Callable[[str], Sheet]
    terms: Mapping[str, str]


def changed(
    papers: Sequence[PaperDraft], today: Today, then: Mapping[str, Paper | None], step: Step = no_step
) -> tuple[Changed, ...]:
    """Those of the papers that would print differently; ``then`` are the templates they were printed by, by id."""
    found = [(paper, _altered(paper, today, then.get(paper.id) or today.paper)) for paper in each_told(papers, step)]
    return tuple(
        Changed(paper.id, paper.subject_id, paper.printed_on, bool(paper.signed), altered, thaw(paper.sheet).look)
        for paper, altered in found
        if altered
    )


def _altered(paper: PaperDraft, today: Today, template: Paper) -> tuple[Altered, ...]:
    """Data are compared in the fields of today's template, so that a column taken out is no change of the data."""
    then = fitted(thaw(paper.sheet), template, today.paper)
    try:
        data = differences(today.paper, then, today.sheet(paper.subject_id))
    except Refused as refusal:
        data = (Altered(tr("the whole paper"), "", str(refusal)),)
    before = terms_of(paper.sheet)
    words = tuple(
        Altered(name, before[name], today.terms.get(name, "")) for name in today.paper.words if name in before
    )
    rest = _template(paper, then, before or today.terms, today.paper)
    return (*data, *(each for each in words if each.then != each.now), *rest)


def _template(paper: PaperDraft, then: Sheet, terms: Mapping[str, str], now: Paper) -> tuple[Altered, ...]:
    """What today's template makes of the data of that time, where it is not what was printed."""
    try:
        digest, texts = proof(then, terms, {now.key: now})
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
