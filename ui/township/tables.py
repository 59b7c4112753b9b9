"""Tables of all villages as workbooks, and the policy packs that replies carry."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

from ui.context import HubContext
from ui.page import button, card, label, row, scrolled
from ui.township.page import HubPage
from villagedesk.text import Text, say, tr

if TYPE_CHECKING:
    from pathlib import Path

    from villagedesk.hub import Hub
    from villagedesk.values import Step

_TABLES: tuple[tuple[str, Text], ...] = (
    ("households", say("Register of households")),
    ("members", say("Register of persons")),
    ("persons-26", say("List of the poor, 26 columns")),
    ("persons-47", say("Monitoring list, 47 columns")),
)


class TablesPage(HubPage):
    """A button a table; the packs given along."""

    def __init__(self, context: HubContext) -> None:
        super().__init__(context, tr("Tables and policy packs"), tr("One workbook over all villages of the township."))
        tools = [button(word, "export", partial(self._on_table, name, str(word))) for name, word in _TABLES]
        hint = label(
            tr("A pack given here travels with every reply; each village looks at what it would change before it "
               "takes it over."),
            "hint", wrap=True,
        )  # fmt: skip
        self._packs = label("", wrap=True)
        give = button(say("Give a policy pack along"), "add", self._on_pack)
        self.column.addWidget(
            scrolled(
                card(row(*tools[:2]), row(*tools[2:]), heading=tr("Tables")),
                card(hint, self._packs, row(give), heading=tr("Policy packs")),
            ),
            1,
        )

    def refresh(self) -> None:
        """Look again."""
        packs = self._context.hub.township.packs
        self._packs.setText("、".join(packs) if packs else tr("None is given along."))

    def _on_table(self, name: str, word: str) -> None:
        target = self._context.messages.save_file(say("Save the table"), f"{word}.xlsx", "Excel (*.xlsx)")
        if target is not None:
            work = partial(_write, self._context.hub, name, target)
            self._context.jobs.store(say("Writing the table"), work, self._on_written)

    def _on_written(self, rows: Any) -> None:
        self._context.messages.tell(say("The table is written, {n} {n:line|lines}.", n=rows), "ok")

    def _on_pack(self) -> None:
        file = self._context.messages.open_file(say("Open the policy pack"), f"{tr('Policy packs')} (*.toml)")
        if file is not None:
            verb = partial(self._context.hub.township.give_pack, file)
            self._do(say("Checked. Every reply from now on carries it."), verb)


def _write(hub: Hub, name: str, target: Path, step: Step) -> int:
    return hub.township.write_register(name, target, step)
