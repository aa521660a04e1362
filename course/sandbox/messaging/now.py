"""The present as moto has it, which follows the sandbox's clock."""


def milliseconds() -> float:
    """Milliseconds since 1970."""
    from moto.core.utils import unix_time_millis

    return float(unix_time_millis())
