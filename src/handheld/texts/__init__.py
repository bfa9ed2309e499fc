"""All words that people read, in Chinese and English; the log and the API know only keys."""

from handheld.texts.language import LANGUAGES, Language, language_from
from handheld.texts.lookup import Explained, Texts
from handheld.texts.times import DIVISION_ZONE, read_time

__all__ = [
    "DIVISION_ZONE",
    "LANGUAGES",
    "Explained",
    "Language",
    "Texts",
    "language_from",
    "read_time",
]
