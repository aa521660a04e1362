"""Reads a query from left to right, and says where it could not go on. Pure.

AWS: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/CWL_QuerySyntax.html
"""

import re

SPACE = re.compile(r"(?:\s|\#[^\n]*)*")
WORD = re.compile(r"[A-Za-z_@][\w@]*(?:\.\w+)*")
TICKED = re.compile(r"`([^`]+)`")
NUMBER = re.compile(r"\d+\.?\d*(?:[eE][+-]?\d+)?")
STRING = re.compile(r""""((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)'""")
REGEX = re.compile(r"/((?:[^/\\\n]|\\.)+)/")
NAMED_GROUP = re.compile(r"\(\?<(?![=!])")
ESCAPED = re.compile(r"\\(.)")


class Malformed(Exception):
    """A query that is none; *start* and *end* are the characters that do not fit."""

    def __init__(self, text: str, start: int, end: int) -> None:
        super().__init__(text)
        self.start, self.end = start, end


class Outside(Exception):
    """What AWS's Insights knows and the sandbox's does not."""


class Reader:
    """A place in a query; what is read is behind it."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.skip()

    def skip(self) -> None:
        """Go on to what comes next; a comment begins with ``#``."""
        found = SPACE.match(self.text, self.at)
        assert found is not None, "nothing is also a space"
        self.at = found.end()

    @property
    def done(self) -> bool:
        return self.at >= len(self.text)

    def take(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """What comes next, if it is that; the reader is behind it then."""
        found = pattern.match(self.text, self.at)
        if found:
            self.at = found.end()
            self.skip()
        return found

    def takes(self, sign: str) -> bool:
        """Whether this sign comes next, and was taken."""
        if not self.text.startswith(sign, self.at):
            return False
        self.at += len(sign)
        self.skip()
        return True

    def takes_word(self, *words: str) -> bool:
        """Whether these words come next, in any case, and were taken."""
        before = self.at
        for word in words:
            found = self.take(WORD)
            if found is None or found[0].lower() != word:
                self.at = before
                return False
        return True

    def need(self, sign: str) -> None:
        """Take this sign. Raises Malformed."""
        if not self.takes(sign):
            raise self.wrong(f"expected {sign!r}")

    def word(self) -> str:
        """Take a name, in backticks where it is no plain one. Raises Malformed."""
        ticked = self.take(TICKED)
        found = ticked or self.take(WORD)
        if found is None:
            raise self.wrong("expected a field")
        return found[1] if ticked else found[0]

    def string(self) -> str | None:
        """Take a text in quotes, if one comes next."""
        found = self.take(STRING)
        if found is None:
            return None
        return ESCAPED.sub(r"\1", found[1] if found[1] is not None else found[2])

    def regex(self) -> re.Pattern[str] | None:
        """Take a regular expression between slashes, if one comes next. Raises Malformed."""
        before, found = self.at, self.take(REGEX)
        if found is None:
            return None
        try:
            return re.compile(NAMED_GROUP.sub("(?P<", found[1].replace(r"\/", "/")))
        except re.error as wrong:
            self.at = before
            raise self.wrong(f"a regular expression that cannot be read, {wrong}") from wrong

    def integer(self) -> int:
        """Take a whole number. Raises Malformed."""
        found = self.take(NUMBER)
        if found is None or not found[0].isdecimal():
            raise self.wrong("expected a whole number")
        return int(found[0])

    def wrong(self, what: str) -> Malformed:
        """The query cannot go on like this; *what* in our words, which AWS's differ from."""
        rest = re.match(r"[\w@.]+|\S|", self.text[self.at :])
        token = rest[0] if rest else ""
        said = f"unexpected symbol found {token!r} at character {self.at}: {what}"  # our words
        return Malformed(said, self.at, self.at + len(token))
