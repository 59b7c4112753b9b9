"""Signed papers back in: the pile, the page beside its signers, the by-hand tray."""
