"""Wishes, plans and measures."""
