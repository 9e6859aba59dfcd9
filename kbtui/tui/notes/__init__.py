"""Change notes in the app, beside their screens."""
