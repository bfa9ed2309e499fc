"""The HTTP interface under /api/v1. docs/api.md"""
