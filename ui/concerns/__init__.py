"""Concerns of the people."""
