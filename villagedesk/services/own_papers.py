"""Papers of the county's own: their texts in the store, what is demanded of them, and what fills them (DOMAIN §9.4).

A file with the key of a shipped paper changes that paper's words, order and columns; it may ask for less, never for
more, and stays for the same readers. A file with a key of its own is a new paper, filled from the field dictionary.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from types import MappingProxyType

from sqlalchemy import Connection

from villagedesk import resources
from villagedesk.documents.paper import Paper
from villagedesk.documents.papers import Wrong, load_papers, read_paper, read_text, refused
from villagedesk.drafts.template import TemplateDraft
from villagedesk.errors import Refused, Unavailable, Unreadable
from villagedesk.records.load import load_where
from villagedesk.records.schema import RECORDS, derived_id
from villagedesk.services.own_rules import demand
from villagedesk.services.site import Site
from villagedesk.store.work import Change, Work
from villagedesk.text import say

LARGEST = 200_000
"""Bytes of a paper file; the longest shipped one has five thousand."""


@dataclass(frozen=True)
class OwnPaper:
    """A paper of the county's own; ``changes``: whether it changes a shipped one."""

    paper: Paper
    changes: bool


class OwnPapers:
    """The texts a county added."""

    def __init__(self, site: Site) -> None:
        self._site = site

    def all(self) -> tuple[OwnPaper, ...]:
        """Every paper of the county's own, by key."""
        with self._site.store.read() as connection:
            papers = own_papers(connection, self._site)
        return tuple(OwnPaper(papers[key], key in load_papers()) for key in sorted(papers))

    def add(self, paths: Path | Sequence[Path], reason: str) -> Change:
        """Take paper files, or every one of a folder, all or none.

        Raises Unreadable naming file, line and reason of the first wrong one, Unavailable when it cannot be read,
        Refused for a folder without paper files.
        """
        given = [paths] if isinstance(paths, Path) else paths
        texts = [_checked(file) for path in given for file in _files(path)]
        with self._site.store.work("paper.text", reason) as work:
            for key, text in texts:
                _put_away(work, self._site, key)
                _keep(work, self._site, (key, text), in_use=True)
        return work.change

    def drop(self, key: str, reason: str) -> Change:
        """Go back to the shipped text, or without the paper. What was printed by it can be printed again all the same.

        Raises Refused when there is no paper of this key.
        """
        if key not in {each.paper.key for each in self.all()}:
            raise Refused(say("The county has no paper “{paper}” of its own.", paper=key))
        with self._site.store.work("paper.text", reason) as work:
            _put_away(work, self._site, key)
        return work.change

    def text(self, key: str) -> str:
        """The text a paper is printed by now, to begin a file of one's own with. Raises Refused for an unknown one."""
        with self._site.store.read() as connection:
            return template_text(connection, self._site, key)


def own_papers(connection: Connection, site: Site) -> Mapping[str, Paper]:
    """The county's papers by key.

    Texts come from other laptops too: one that this version cannot read, or may not use, is left out.
    """
    papers = {}
    for draft in _in_use(connection, site):
        try:
            papers[draft.paper] = _allowed(draft.paper, draft.text)
        except Unreadable:
            continue
    return MappingProxyType(papers)


def all_papers(connection: Connection, site: Site) -> Mapping[str, Paper]:
    """Every paper the village can print: the shipped ones, and the county's instead or beside."""
    own = own_papers(connection, site)
    return {**load_papers(), **own} if own else load_papers()


def template_text(connection: Connection, site: Site, key: str) -> str:
    """The text of a paper as it is printed now. Raises Refused for an unknown one."""
    own = next((draft.text for draft in _in_use(connection, site) if draft.paper == key), "")
    if own:
        return own
    if key not in load_papers():
        raise Refused(say("There is no paper “{paper}”. Known are: {known}.", paper=key,
                          known=", ".join(load_papers())))  # fmt: skip
    return shipped_text(key)


def shipped_text(key: str) -> str:
    """The text of a shipped paper."""
    return resources.path("papers", f"{key}.toml").read_text(encoding="utf-8")


def keep_template(work: Work, site: Site, key: str) -> str:
    """Keep the text a paper is being printed by, once; returns the id that finds it again (:func:`kept_paper`)."""
    return _keep(work, site, (key, template_text(work.connection, site, key)), in_use=None)


def kept_paper(connection: Connection, template_id: str) -> Paper | None:
    """The paper as it was when something was printed by it; None where its text was not kept."""
    drafts = load_where(connection, "template", RECORDS["template"].table.c.id == template_id) if template_id else {}
    for draft in drafts.values():
        try:
            return read_text(draft.paper, draft.text)
        except Unreadable:  # an older form of template: today's text has to do
            return None
    return None


def _keep(work: Work, site: Site, named: tuple[str, str], *, in_use: bool | None) -> str:
    key, text = named
    digest = hashlib.sha256(text.encode()).hexdigest()
    template_id = derived_id("template", site.village, key, digest)
    if work.row("template", template_id) is None:
        draft = TemplateDraft(
            paper=key, digest=digest, text=text, in_use=bool(in_use), added_on=site.today() if in_use else None
        )
        work.put_draft("template", site.village, draft, new_id=template_id)
    elif in_use:
        work.put("template", site.village, {"in_use": True, "added_on": site.today()}, template_id)
    return template_id


def _put_away(work: Work, site: Site, key: str) -> None:
    for row in work.rows("template", village=site.village, paper=key):
        if row["in_use"]:
            work.put("template", site.village, {"in_use": False}, row["id"])


def _in_use(connection: Connection, site: Site) -> Iterable[TemplateDraft]:
    """The newest text in use of each paper; two laptops may each have taken one."""
    table = RECORDS["template"].table
    drafts = load_where(connection, "template", table.c.village == site.village, table.c.in_use.is_(True)).values()
    ordered = sorted(drafts, key=lambda draft: (draft.added_on.isoformat() if draft.added_on else "", draft.digest))
    return {draft.paper: draft for draft in ordered}.values()


def _files(path: Path) -> Sequence[Path]:
    if not path.is_dir():
        return [path]
    files = sorted(path.glob("*.toml"))
    if not files:
        raise Refused(say("“{folder}” holds no paper file (NAME.toml).", folder=path.name))
    return files


def _checked(file: Path) -> tuple[str, str]:
    """Key and text of a file that may be used. Raises Unreadable naming file, line and reason."""
    try:
        if file.stat().st_size > LARGEST:
            raise Unreadable(say("“{file}” is too large for a paper file.", file=file.name))
        read_paper(file)
        text = file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise Unavailable(say("“{file}” cannot be read.", file=file.name)) from error
    _allowed(file.stem, text)
    return file.stem, text


@lru_cache(maxsize=200)
def _allowed(key: str, text: str) -> Paper:
    paper = read_text(key, text)
    try:
        demand(paper)
    except Wrong as wrong:
        raise refused(key, text, wrong) from wrong
    return paper
