"""Thin shells that people and other programs call."""
