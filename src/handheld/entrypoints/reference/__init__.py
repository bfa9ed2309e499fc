"""Writes docs/reference/ from the code: events, schemas, AsyncAPI, commands, errors.

`make docs` runs it; a test fails when a page is not what it would write.
"""
