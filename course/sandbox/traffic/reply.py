"""What one request came back with: the answer and who gave it, or what stood in its way."""

from dataclasses import dataclass

PHRASES = {
    200: "OK",
    301: "Moved Permanently",
    302: "Found",
    404: "Not Found",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}


@dataclass(frozen=True)
class Reply:
    """The answer to one request.

    *status* is the HTTP status, None where no connection came about; *body* the
    text; *task* the ARN of the task that answered, None where none did; *why*
    names what decided; *by* is what led there, an element each.
    """

    url: str
    status: int | None
    body: str = ""
    task: str | None = None
    why: str = ""
    by: tuple[str, ...] = ()

    def __repr__(self) -> str:
        lines = [f"GET {self.url}", f"  {self._answer()}"]
        if self.by:
            lines.append(f"  by {', '.join(self.by)}")
        return "\n".join(lines)

    def _answer(self) -> str:
        if self.status is None:
            return f"no answer: {self.why}"
        said = f"{self.status} {PHRASES.get(self.status, '')}".rstrip()
        text = self.why or self.body
        return f"{said}: {text}" if text else said
