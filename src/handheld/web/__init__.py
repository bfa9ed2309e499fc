"""The web pages, as they are served: ES modules, styles, texts, fonts. docs/web.md

There is nothing to build: `entrypoints/http/assets.py` reads `static/` when the server starts.
"""
