"""Runs of checklists in the app, beside their screens."""
