"""Notices from draft to result."""
