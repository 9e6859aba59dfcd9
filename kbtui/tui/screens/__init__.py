"""The rooms, one screen each; a screen joins its widgets to the library."""
