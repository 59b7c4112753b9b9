"""Editors of one value each. None means "not asked yet" and stays None until somebody types."""
