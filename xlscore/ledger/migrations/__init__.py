"""Numbered migrations of the ledger; forward only."""
