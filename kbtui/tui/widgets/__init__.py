"""Widgets: each knows what it shows, none knows another; they speak in messages of the domain."""
