"""What the endpoint answers when it lets a request no further, in a form AWS's clients can read."""

import json
from typing import Any
from xml.sax.saxutils import escape

from werkzeug.wrappers import Response

_XML_SERVICES = ("/s3/", "/route53/", "/cloudfront/")


class Refusal(Exception):
    """An HTTP status from 400 on, and an error code and message as AWS's answers carry them."""

    def __init__(self, status: int, code: str, message: str, **headers: str) -> None:
        super().__init__(message)
        self.status, self.code, self.message, self.headers = status, code, message, headers

    def response(self, environ: dict[str, Any]) -> Response:
        """The same as an answer to this request: XML where its protocol speaks XML, else JSON."""
        if _speaks_xml(environ):
            told = f"<Code>{escape(self.code)}</Code><Message>{escape(self.message)}</Message>"
            body = f"<ErrorResponse><Error>{told}</Error></ErrorResponse>"
            answer = Response(body, self.status, content_type="text/xml")
        else:
            body = json.dumps({"__type": self.code, "message": self.message})
            answer = Response(body, self.status, content_type="application/json")
        answer.headers.extend({name.replace("_", "-"): text for name, text in self.headers.items()})
        return answer


def _speaks_xml(environ: dict[str, Any]) -> bool:
    """Whether the query, EC2 or REST-XML protocol is spoken; by what a request says of itself."""
    if environ.get("PATH_INFO", "").startswith("/_course/"):
        return False  # whatever curl says the body is
    if environ.get("CONTENT_TYPE", "").startswith("application/x-www-form-urlencoded"):
        return True
    scope = environ.get("HTTP_AUTHORIZATION", "")
    return any(service in scope for service in _XML_SERVICES)
