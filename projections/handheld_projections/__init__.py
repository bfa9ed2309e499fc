"""Pure folds: facts in, boards, timelines, inboxes and registers out. No clock, no I/O.

docs/projections.md says what each promises.
"""
