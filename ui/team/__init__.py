"""The team: members, days, pairings."""
