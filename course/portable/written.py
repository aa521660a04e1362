"""Parameters and manifests as YAML, in which one reads and keeps them."""

from collections.abc import Sequence
from typing import Any

import yaml


def written(*documents: Any) -> str:
    """The documents as YAML, each after a line ``---`` but the first; keys stay in their order."""
    return "---\n".join(
        yaml.dump(one, Dumper=_Plain, sort_keys=False, allow_unicode=True, width=90)
        for one in documents
    )


def read(text: str) -> Sequence[Any]:
    """The documents of a text in YAML, or in JSON, which is YAML as well; empty ones are left out.

    Raises ValueError, which says where the text stops being one.
    """
    try:
        return [one for one in yaml.safe_load_all(text) if one is not None]
    except yaml.YAMLError as error:
        raise ValueError(" ".join(str(error).split())) from None


class _Plain(yaml.SafeDumper):
    """What occurs twice is written twice: no anchors."""

    def ignore_aliases(self, data: Any) -> bool:
        return True
