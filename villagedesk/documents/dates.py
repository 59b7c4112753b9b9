"""Dates as papers write them (GB/T 9704 §7.3.5.4): Arabic digits, the full year, no leading zeros."""

from __future__ import annotations

from datetime import date


def day(when: date) -> str:
    """``2020年11月7日``. An aware time is written as the day of its own zone."""
    return f"{when.year}年{when.month}月{when.day}日"
