"""The published language of handheld command: frozen events, their envelope and their codec.

docs/reference/events.md lists every event; docs/how-to/add-an-event.md says how to add one.
"""
