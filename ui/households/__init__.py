"""Household files: the list and the form."""
