"""The core of VillageDesk: household files, plans, exits and notices of a village work team. No Qt here."""

from villagedesk.late import write_methods_late

__version__ = "0.1.0"

write_methods_late("villagedesk", "ui")
