"""Every sentence of the program has a finished Chinese one, with the same fields, compiled. Mend: ``make messages``."""

from __future__ import annotations

import messages
import pytest

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
