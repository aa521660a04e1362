"""The parser of a verb of ``python3 -m course``: what it does, and examples as they are typed."""

import argparse

from course.bootstrap import COMMAND


def verb_parser(verb: str, description: str, examples: str) -> argparse.ArgumentParser:
    """A parser whose help keeps its lines; ``{0}`` in the examples is the command."""
    return argparse.ArgumentParser(
        prog=f"{COMMAND} {verb}",
        description=description,
        epilog=examples.format(COMMAND),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
