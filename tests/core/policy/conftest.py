"""Sentences are compared in their source language."""

import pytest

from villagedesk import text


@pytest.fixture(autouse=True)
def _english():
    before = text.language()
    text.use("en")
    yield
    text.use(before)
