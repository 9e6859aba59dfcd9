"""Measurements before and after a change, and what they say."""
