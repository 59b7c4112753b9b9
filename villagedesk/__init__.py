"""The core of VillageDesk: household files, plans, exits and notices of a village work team. No Qt here."""

__version__ = "0.1.0"
