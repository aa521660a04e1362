"""A small shell's grammar: a script taken apart into statements, each with what joins it to the last.

Quotes, ``;``, ``&&``, ``||``, ``|``, new lines, ``&`` and redirections are
understood, the last two by leaving them out. Substitutions, loops and
functions are not.
"""

import re
import shlex
from collections.abc import Iterable, Iterator, Mapping

SHELLS = ("sh", "bash", "ash", "dash", "/bin/sh", "/bin/bash", "/bin/ash", "/bin/dash")
SEPARATORS = (";", "&&", "||", "|", "\n")

_REDIRECTION = re.compile(r"\d?(>>?|<)([^\s<>]*)")
_VARIABLE = re.compile(r"\$(?:\{(\w+)\}|(\w+))")

Statement = tuple[str, list[str]]


def statements(script: str) -> list[Statement]:
    """The script's statements, each as what joins it to the one before, and its words.

    An open quote makes it one statement, ``exit 2``, as a shell would refuse it.
    """
    lexer = shlex.shlex(script, posix=True, punctuation_chars=";&|\n")
    lexer.whitespace, lexer.whitespace_split, lexer.commenters = " \t\r", True, ""
    joined_by, words, found = ";", list[str](), list[Statement]()
    try:
        for word in _merged(lexer):
            if word in SEPARATORS:
                found += [(joined_by, words)] if words else []
                joined_by, words = word, []
            else:
                words.append(word)
    except ValueError:
        return [(";", ["exit", "2"])]
    found += [(joined_by, words)] if words else []
    told = [(by, _without_redirections(each)) for by, each in found]
    return [(by, each) for by, each in told if each]


def _merged(words: Iterable[str]) -> Iterator[str]:
    """The lexer's words, with ``2>&1`` put together again and a lone ``&`` read as ``;``."""
    before, copied = "", False
    for raw in words:
        word = raw.strip(" ")
        if copied:
            copied = False
        elif word == "&" and before.endswith((">", "<")):
            copied = True
        else:
            yield ";" if word == "&" else (word if word in SEPARATORS else raw)
        before = word


def _without_redirections(words: list[str]) -> list[str]:
    kept, target_follows, to_file = list[str](), False, False
    for word in words:
        redirection = _REDIRECTION.fullmatch(word)
        if target_follows:
            target_follows = False
        elif redirection:
            target_follows = not redirection[2] and word is not words[-1]
            out = redirection[1] != "<" and not word.startswith("2")
            to_file |= out and (target_follows or bool(redirection[2]))
        else:
            kept.append(word)
    return [":"] if to_file and kept[:1] == ["echo"] else kept  # nobody hears it


def expanded(word: str, environment: Mapping[str, str]) -> str:
    """``$NAME`` and ``${NAME}`` replaced by what the environment holds, or by nothing."""
    return _VARIABLE.sub(lambda found: environment.get(found[1] or found[2], ""), word)
