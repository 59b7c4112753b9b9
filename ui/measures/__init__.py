"""The ledger of measures."""
