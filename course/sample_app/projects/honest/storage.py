"""Orders, in whatever database DATABASE_URL names: an attached service, not a part of the app."""

import os
import sqlite3
from contextlib import closing
from urllib.parse import urlsplit

URL = os.environ["DATABASE_URL"]
TABLE = "CREATE TABLE IF NOT EXISTS orders (dish TEXT NOT NULL, cooked INTEGER NOT NULL DEFAULT 0)"


def run(statement, *values):
    with closing(sqlite3.connect(urlsplit(URL).path, timeout=5)) as database, database:
        return database.execute(statement, values).fetchall()


def create_table():
    run(TABLE)


def add(dish):
    run("INSERT INTO orders (dish) VALUES (?)", dish)


def cook_all():
    return len(run("UPDATE orders SET cooked = 1 WHERE cooked = 0 RETURNING dish"))


def every():
    return [{"dish": dish, "cooked": bool(cooked)} for dish, cooked in run("SELECT * FROM orders")]
