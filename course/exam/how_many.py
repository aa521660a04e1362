"""How many items are asked for: a whole number, or a clear error before anything is drawn. Pure."""


def how_many(items: object, least: int = 1) -> int:
    """The number as it was given; TypeError for what is no whole number, ValueError below *least*."""
    if isinstance(items, bool) or not isinstance(items, int):
        raise TypeError(f"items is a whole number, such as items=10, and not {items!r}.")
    if items < least:
        raise ValueError(f"items is {least} or more, such as items=10, and not {items}.")
    return items
