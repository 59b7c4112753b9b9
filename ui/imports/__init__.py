"""Rosters in."""
