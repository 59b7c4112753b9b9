"""Exits: the list of a year, the papers of one case, the signatures."""
