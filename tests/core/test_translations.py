"""Every sentence of the program has a finished Chinese one, with the same fields, compiled. Mend: ``make messages``."""

from __future__ import annotations

import re

import messages
import pytest

from villagedesk.text import say

SPOKEN = list(messages.sentences())
BOOKS = messages.catalogues()


def test_sentences_are_literals():
    """Extraction finds no f-string, no sum and no variable."""
    assert [sentence.place for sentence in SPOKEN if sentence.source is None] == []


def test_sentences_are_given_exactly_the_fields_they_name():
    wrong = [
        f"{said.place}: names {sorted(messages.placeholders(said.source))}, given {sorted(said.fields)}"
        for said in SPOKEN
        if said.source is not None
        and said.fields is not None
        and (said.fields or "{" in said.source)
        and messages.placeholders(said.source) != said.fields
    ]
    assert not wrong, "\n".join(wrong)


def test_every_sentence_is_translated():
    left = messages.missing(SPOKEN, {source for book in BOOKS.values() for source in messages.finished(book)})
    if left:
        pytest.fail("zh_CN lacks these (see: make messages)\n" + messages.listing(left), pytrace=False)


def test_translations_name_the_fields_of_their_source():
    wrong = [
        f"{area}.po: {source!r} -> {translation!r}"
        for area, book in BOOKS.items()
        for source, translation in messages.finished(book).items()
        if messages.placeholders(source) != messages.placeholders(translation)
    ]
    assert not wrong, "\n".join(wrong)


def test_one_sentence_has_one_translation():
    """The catalogues are read as one, so two answers to one source would depend on the order of files."""
    first: dict[str, tuple[str, str]] = {}
    for area, book in BOOKS.items():
        for source, translation in messages.finished(book).items():
            other, standing = first.setdefault(source, (area, translation))
            assert standing == translation, f"{other}.po and {area}.po differ on {source!r}"


def test_compiled_catalogues_are_up_to_date():
    old = [area for area, book in BOOKS.items() if messages.compiled(area) != messages.finished(book)]
    assert not old, "run make messages"


def test_missing_entries_are_told_with_their_place_and_catalogue():
    said = messages.Sentence("villagedesk/policy/checks/ages.py", 7, "Too young.", frozenset())
    left = messages.missing([said, said], {"Something else."})
    assert messages.listing(left).splitlines()[:3] == [
        "# checks.po: 1 missing",
        "#: villagedesk/policy/checks/ages.py:7",
        'msgid "Too young."',
    ]


@pytest.mark.parametrize(
    ("count", "said"),
    [(0, "0 files came in."), (1, "1 file came in."), ("1", "1 file came in."), (21, "21 files came in.")],
)
def test_english_bends_a_word_to_its_number(count: object, said: str) -> None:
    assert say("{n} {n:file|files} came in.", n=count).render("en") == said


NEVER_ONE = (  # a number that the program or a policy sets, or that is counted from two on
    "the text is longer than {most}", "At most {count}", "Nobody has looked at", "A relocated household",
    "The last visit was", "Ended less than {months}", "Recognised {months}", "A parent", "A grandparent",
    "{n} public posts", "“{content}” ended within", "The loan runs", "Trained more than", "{visitor} visited {count}",
    "{name} is paired with {count}", "{count} households have this very plan", "Nobody works", "it must be a list",
    "The person has at least", "Name one to", "This picture has more", "A passphrase has", "A recovery key has",
    "Too short.", "Monitoring has lasted", "Row {row} of the table",
)  # fmt: skip
COUNTED = re.compile(r"\{(\w+)\} (?:(?:other|more|new|printed|public|open|missing|million) )?([a-z]{3,}s)\b")
NO_PLURAL = {
    "ago", "always", "becomes", "belongs", "comes", "counts", "ends", "exists", "gets", "goes", "gave", "hangs",
    "holds", "less", "lies", "reaches", "reads", "rests", "runs", "says", "signs", "stands", "stays", "wants", "was",
    "has", "does", "speaks", "suspicious", "this", "yes", "names", "closes", "waits", "its", "asks", "means",
    "needs", "makes", "keeps", "takes", "shows", "gives", "uses",
}  # fmt: skip


def test_english_counts_are_right_for_one() -> None:
    wrong = [
        f"{said.place}: {said.source}"
        for said in SPOKEN
        if said.source is not None
        and not said.source.startswith(NEVER_ONE)
        and any(word not in NO_PLURAL for _field, word in COUNTED.findall(said.source))
    ]
    assert not wrong, "write {n:file|files}\n" + "\n".join(wrong)
