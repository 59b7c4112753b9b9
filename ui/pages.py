"""The pages of a desk in the order of the navigation; each is imported when it is first shown."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any, cast

from ui.context import Context
from ui.page import Page
from villagedesk.text import Text, say


@dataclass(frozen=True)
class PageKind:
    """A page: its key, its name, its sign, and where its class lives (``module:Class``)."""

    key: str
    title: Text
    sign: str
    place: str
    in_navigation: bool = True

    def make(self, context: Context) -> Page:
        """The page itself."""
        module, _, name = self.place.partition(":")
        made: Callable[[Context], Any] = getattr(import_module(module), name)
        return cast("Page", made(context))


PAGES: tuple[PageKind, ...] = (
    PageKind("today", say("Today"), "today", "ui.today.page:TodayPage"),
    PageKind("households", say("Household files"), "households", "ui.households.list:HouseholdList"),
    PageKind("plans", say("Plans"), "plans", "ui.plans.page:PlansPage"),
    PageKind("exits", say("Exits"), "exits", "ui.exits.page:ExitsPage"),
    PageKind("notices", say("Notices"), "notices", "ui.notices.page:NoticesPage"),
    PageKind("exchange", say("Exchange"), "exchange", "ui.exchange.page:ExchangePage"),
    PageKind("findings", say("Findings"), "findings", "ui.findings.page:FindingsPage"),
    PageKind("settings", say("Settings"), "settings", "ui.settings.page:SettingsPage"),
    PageKind("household", say("Household"), "households", "ui.households.form:HouseholdForm", in_navigation=False),
    PageKind("import", say("Import a roster"), "import", "ui.imports.page:ImportPage", in_navigation=False),
    PageKind("plan", say("Plan"), "plans", "ui.plans.form:PlanForm", in_navigation=False),
    PageKind("papers", say("Print papers"), "print", "ui.papers.page:PapersPage", in_navigation=False),
    PageKind("conflicts", say("Conflicts"), "conflict", "ui.exchange.conflicts:ConflictsPage", in_navigation=False),
)


def kind_of(key: str) -> PageKind:
    """The page with this key. Raises KeyError when there is none."""
    return {page.key: page for page in PAGES}[key]
