"""The worker process: cooks what was ordered. As many as are needed run side by side."""

import signal
import threading

import storage

stopping = threading.Event()
signal.signal(signal.SIGTERM, lambda *_: stopping.set())

while not stopping.wait(0.2):
    cooked = storage.cook_all()
    if cooked:
        print("cooked:", cooked, flush=True)
