# pysqlite3 is the standard library's sqlite3 with a newer SQLite inside, and has no types of its own.
from sqlite3 import *
