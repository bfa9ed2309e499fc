"""The one place where the parts are put together, for the program and for the tests."""

from handheld.bootstrap.beside import Beside, access_beside
from handheld.bootstrap.files import OWN_FILES, found_home, open_access
from handheld.bootstrap.home import FOLDS, Home, settle_memory
from handheld.bootstrap.shared import EVERY_DUTY, Shared, Where, after_restore, migrate

__all__ = [
    "EVERY_DUTY",
    "FOLDS",
    "OWN_FILES",
    "Beside",
    "Home",
    "Shared",
    "Where",
    "access_beside",
    "after_restore",
    "found_home",
    "migrate",
    "open_access",
    "settle_memory",
]
