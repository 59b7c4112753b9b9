"""The demonstration sends its file to the township, which replies; the exits are announced and marked."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from villagedesk.demo.stage import REASON, Stage
from villagedesk.errors import Refused
from villagedesk.hub import Hub, create_hub
from villagedesk.text import say


class Exchanging:
    """The way of the stick, there and back, twice."""

    def __init__(self, stage: Stage) -> None:
        self._stage = stage

    def to_township(self, passphrase: str) -> None:
        """Send the file, let the township take it in and reply, mark the exits, send again, fetch the receipt."""
        division = self._stage.village.division
        self._stage.step(say("sending to the township"), 0, 1)
        hub, _ = create_hub(
            self._stage.made.folder / "hub",
            passphrase,
            division.township,
            division.code[:9],
            author="township",
            clock=self._stage.clock,
        )
        stick = self._stage.made.folder / "stick"
        stick.mkdir()
        with hub:
            self._stage.desk.sync.join(hub.township.invite(division.code, stick), "demo")
            self._exchange(hub, stick)
            self._township_replies(hub)
            self._receive(hub, stick)
            self._mark()
            self._exchange(hub, stick)
            self._receive(hub, stick)
        status = self._stage.desk.sync.status()
        same = not status.unsent and status.hub_totals == status.totals
        self._stage.made.hub_status = "accepted" if same else "different"

    def _township_replies(self, hub: Hub) -> None:
        stage = self._stage
        number = len(stage.village.households) % 90 + 1
        reply = f"{stage.desk.village.township[:1]}政发〔{stage.year}〕{number}号"
        for row in self._stage.desk.exits.of_year(self._stage.year):
            if row.case.state == "reported":
                values = {"township_reply": reply, "replied_on": self._stage.clock().date()}
                hub.acts.act(self._stage.village.division.code, "exit.reply", REASON, "exit", row.case.id, values)

    def _mark(self) -> None:
        """The township has agreed: announce, and mark the households as exited."""
        going = [row.case.id for row in self._stage.desk.exits.of_year(self._stage.year) if row.case.township_reply]
        today = self._stage.clock().date()
        if not going:
            return
        self._stage.desk.exits.take(going, "approve", REASON)
        self._stage.desk.exits.take(going, "announce", REASON, announced_on=today)
        self._stage.desk.exits.take(going, "mark", REASON, marked_on=today)
        self._stage.made.exited = len(going)

    def _exchange(self, hub: Hub, stick: Path) -> None:
        self._stage.made.send_file = self._stage.desk.sync.send(stick).path
        results = hub.township.receive([self._stage.made.send_file])
        if any(result.status != "accepted" for result in results):
            raise Refused(results[0].reason or say("The township did not take the file."))

    def _receive(self, hub: Hub, stick: Path) -> None:
        self._stage.clock.now += timedelta(hours=1)
        self._stage.made.reply_file = hub.township.reply(stick)[0].path
        self._stage.desk.sync.receive(self._stage.made.reply_file)
