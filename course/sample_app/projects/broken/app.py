"""The kitchen, as it grew: it works on the computer it was written on."""

import atexit
import logging
import os
import sqlite3
import sys
import time

from dateutil import tz
from flask import Flask, request

PORT = 8000
KITCHEN = "Test kitchen"
DATABASE_PASSWORD = "soup-of-the-day"
DATABASE = os.path.join(os.path.dirname(__file__), "orders.db")
PID_FILE = os.path.join(os.path.dirname(__file__), "app.pid")

STAGE = os.environ.get("STAGE", "prod")
logging.basicConfig(filename="app.log", level=logging.INFO)

app = Flask(__name__)
orders = []


def database():
    if STAGE == "test":
        return sqlite3.connect(":memory:")
    return sqlite3.connect(DATABASE)


def create_table():
    with database() as connection:
        connection.execute("CREATE TABLE IF NOT EXISTS orders (dish TEXT NOT NULL)")


@app.get("/orders")
def show():
    return {"kitchen": KITCHEN, "zone": str(tz.UTC), "orders": orders}


@app.post("/orders")
def take():
    dish = request.get_json()["dish"]
    orders.append({"dish": dish, "cooked": False})
    with database() as connection:
        connection.execute("INSERT INTO orders (dish) VALUES (?)", [dish])
    logging.info("order taken: %s", dish)
    return {}, 201


@app.get("/slow")
def slow():
    time.sleep(1)
    return {"served": True}


if __name__ == "__main__":
    if os.path.exists(PID_FILE):
        sys.exit("the kitchen is open already")
    with open(PID_FILE, "w") as file:
        file.write(str(os.getpid()))
    atexit.register(os.remove, PID_FILE)
    create_table()
    app.run("127.0.0.1", PORT)
