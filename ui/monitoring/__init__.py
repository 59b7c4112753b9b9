"""Monitoring against return into poverty: clues, timers, the case from recognition to the end of the risk."""
