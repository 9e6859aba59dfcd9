"""Checklists: finding them, runs of them, and what runs tell."""
