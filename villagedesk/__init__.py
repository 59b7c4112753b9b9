"""The core of VillageDesk: household files, plans, exits and notices of a village work team. No Qt here."""

from villagedesk.late import write_methods_late
from villagedesk.standins import stand_in

__version__ = "0.1.0"

write_methods_late("villagedesk", "ui")
stand_in("asyncio", "iscoroutine")  # SQLAlchemy imports it
stand_in("importlib.metadata")  # and this
stand_in("ssl")  # stdnum imports it, to ask a server in other countries
stand_in("pydoc")  # and this
stand_in("pyrage")  # we import it with the keys of a laptop, most of whose days nothing is sealed
