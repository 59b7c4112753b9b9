"""Backups, people and locks, the proof that all is whole."""
