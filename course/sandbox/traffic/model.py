"""How a server carries what it is sent: our own model, and called one wherever it shows. Pure.

AWS publishes none, for it is the program that decides. A server carries so
many requests a second (its image's figure for one vCPU, times its CPU). The
nearer it comes to that, the longer requests wait for their turn: with *u* of
its capacity in use an answer takes 1 / (1 - u) times what an idle server needs,
the textbook's queue with one counter, up to 20 times. What comes beyond the
capacity waits for longer than anybody does: through an Application Load
Balancer it ends with 504.
"""

from math import inf

MOST_WAITING = 0.95
"""Beyond this utilisation an answer takes no longer: 1 / (1 - 0.95) is 20 times the idle time."""


def utilisation(rate: float, capacity: float) -> float:
    """The part of its capacity that a rate needs; more than 1 is too much."""
    return rate / capacity if capacity else (inf if rate else 0.0)


def latency(idle: float, used: float) -> float:
    """Seconds an answer takes from a server of which so much is in use."""
    return idle / (1 - min(used, MOST_WAITING))


def beyond(used: float) -> float:
    """The part of the requests that a server cannot carry."""
    return 1 - 1 / used if used > 1 else 0.0


def under_way(rate: float, capacity: float, seconds: float) -> float:
    """How many requests a server is answering at any one time, by Little's law."""
    return min(rate, capacity) * seconds
