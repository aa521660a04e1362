"""Which colour goes with which of AWS's words; the word itself is always shown."""

LIT = "you"
"""The tone of what the reader is at; its card has a stronger edge."""

TONES = {
    "this lesson": LIT,
    "PROVISIONING": "starting",
    "PENDING": "starting",
    "ACTIVATING": "starting",
    "IN_PROGRESS": "starting",
    "RUNNING": "running",
    "ACTIVE": "running",
    "AVAILABLE": "running",
    "active": "running",
    "provisioning": "starting",
    "COMPLETED": "running",
    "DEACTIVATING": "stopping",
    "STOPPING": "stopping",
    "DEPROVISIONING": "stopping",
    "DRAINING": "stopping",
    "DELETING": "stopping",
    "FAILED": "failed",
    "ALLOWED": "running",
    "DENIED": "failed",
    "NOT TRUSTED": "failed",
    "NOT THERE": "failed",
}


def tone(state: str) -> str:
    """The class of a state's colour; words unknown here are as quiet as STOPPED."""
    return TONES.get(state, "stopped")
