"""The app: rooms as screens, widgets that speak in messages, one lane for reading and one for writing."""
