"""The pages of a township's hub, in the order of its work: files in, answers out, what needs a decision."""

from __future__ import annotations

from ui.pages import Group, PageKind, PageSet
from villagedesk.text import say

HUB = PageSet(
    groups=(
        Group("villages", say("Villages"), "exchange"),
        Group("exits", say("Reported exits"), "exits"),
        Group("files", say("Household files"), "households"),
        Group("cases", say("To decide"), "conflict"),
        Group("lists", say("Lists and policy"), "findings"),
        Group("settings", say("This hub"), "settings"),
    ),
    pages=(
        PageKind("villages", say("Villages"), "exchange", "ui.township.villages:VillagesPage", "villages"),
        PageKind("village", say("Village"), "exchange", "ui.township.village:VillagePage", "villages",
                 under="villages"),
        PageKind("held", say("Held back"), "import", "ui.township.held:HeldPage", "villages"),
        PageKind("reported", say("Reported exits"), "exits", "ui.township.reported:ReportedPage", "exits"),
        PageKind("files", say("Household files"), "households", "ui.township.files:FilesPage", "files"),
        PageKind("across", say("Figures and notices"), "reports", "ui.township.across:AcrossPage", "files"),
        PageKind("report", say("Report of all villages"), "reports", "ui.township.report:ReportPage", "files"),
        PageKind("file", say("Household"), "households", "ui.township.file:FilePage", "files", under="files"),
        PageKind("conflicts", say("Conflicts"), "conflict", "ui.township.conflicts:HubConflictsPage", "cases"),
        PageKind("duplicates", say("Entered twice"), "person", "ui.township.duplicates:DuplicatesPage", "cases"),
        PageKind("moves", say("Moves to complete"), "households", "ui.township.moves:MovesPage", "cases"),
        PageKind("lists", say("Lists to compare"), "findings", "ui.township.lists:ListsPage", "lists"),
        PageKind("tables", say("Tables and policy packs"), "export", "ui.township.tables:TablesPage", "lists"),
        PageKind("hub", say("This hub"), "settings", "ui.township.settings:HubSettingsPage", "settings"),
    ),
    first="villages",
    found="file",
    topic="township",
)  # fmt: skip
"""The pages of a hub."""
