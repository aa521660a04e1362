"""The web process: takes orders and shows them. It binds PORT and serves by itself."""

import signal
import sqlite3
import threading
import time

import config
import storage
from flask import Flask, request
from werkzeug.serving import make_server

app = Flask(__name__)


@app.get("/orders")
def show():
    return {"kitchen": config.KITCHEN, "orders": storage.every()}


@app.post("/orders")
def take():
    storage.add(request.get_json()["dish"])
    print("order taken:", request.get_json()["dish"], flush=True)
    return {}, 201


@app.get("/slow")
def slow():
    print("a slow request begins", flush=True)
    time.sleep(1)
    return {"served": True}


@app.errorhandler(sqlite3.OperationalError)
def not_ready(error):
    return {"error": str(error)}, 503


def serve():
    server = make_server("127.0.0.1", config.PORT, app, threaded=True)
    server.daemon_threads = False  # requests under way are served to their end
    signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())
    print("listening on", config.PORT, flush=True)
    server.serve_forever()
    server.server_close()
    print("drained", flush=True)


if __name__ == "__main__":
    serve()
