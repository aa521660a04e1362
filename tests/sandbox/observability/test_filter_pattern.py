"""Filter patterns as tables; the events of the first ones are those of AWS's guide."""

import json

import pytest

from course.sandbox.observability.filter_pattern import read_pattern
from course.sandbox.observability.filter_values import BadPattern

LINES = (
    "[ERROR 400] BAD REQUEST",
    "[ERROR 401] UNAUTHORIZED REQUEST",
    "[ERROR 419] MISSING ARGUMENTS",
    "[INFO] REQUEST FAILED",
)


@pytest.mark.parametrize(
    ("pattern", "through"),
    [
        ("", (0, 1, 2, 3)),
        ('" "', (0, 1, 2, 3)),
        ("ERROR", (0, 1, 2)),
        ("error", ()),
        ("ERROR REQUEST", (0, 1)),
        ("ERROR -REQUEST", (2,)),
        ("-ERROR", (3,)),
        ("-ERROR -INFO", ()),
        ("?ARGUMENTS ?INFO", (2, 3)),
        ("?INFO ?BAD REQUEST", (0, 1, 3)),  # beside another term the question marks are ignored
        ("?BAD -INFO", (0, 1, 2)),
        ('"BAD REQUEST"', (0,)),
        ('"REQUEST BAD"', ()),
        ('"[ERROR 4" -"ARGUMENTS"', (0, 1)),
        ("AUTHORIZED", (1,)),
        ("%ERROR 4[01][0-9]%", (0, 1, 2)),
        ("%ERROR 40[01]%", (0, 1)),
        ("%^.INFO%", (3,)),
    ],
)
def test_terms(pattern: str, through: tuple[int, ...]) -> None:
    read = read_pattern(pattern)
    assert tuple(n for n, line in enumerate(LINES) if read.matches(line)) == through


TRAIL = {
    "eventType": "UpdateTrail",
    "sourceIPAddress": "111.111.111.111",
    "arrayKey": ["value", "another value"],
    "objectList": [{"name": "a", "id": 1}, {"name": "b", "id": 2}],
    "SomeObject": None,
    "cluster.name": "c",
    "ms": 120,
    "ratio": 0.5,
    "status": "404",
    "ok": False,
    "user": {"id": 1, "email": "John.Stiles@example.com"},
    "grid": [[0, 1], [4, 1000]],
    "actions": ["GET", "PUT", "DELETE"],
}


@pytest.mark.parametrize(
    ("condition", "passes"),
    [
        ('$.eventType = "UpdateTrail"', True),
        ('$.eventType = "updatetrail"', False),
        ("$.eventType = Update*", True),
        ('$.eventType = "*Trail"', True),
        ('$.eventType = "Trail"', False),
        ("$.eventType = %Trail%", True),
        ("$.eventType = %^Trail%", False),
        ("$.sourceIPAddress != 123.123.*", True),
        ("$.sourceIPAddress != 111.*", False),
        ('$.arrayKey[0] = "value"', True),
        ('$.arrayKey[2] = "value"', False),
        ("$.arrayKey[*] = %another%", True),
        ("$.objectList[1].id = 2", True),
        ("$.objectList[*].id > 2", False),
        ('$.arrayKey = "value"', False),  # an array is no value
        ("$.* = %111[.]111%", True),
        ("$.['cluster.name'] = \"c\"", True),
        ("$['cluster.name'] = c", True),
        ("$.SomeObject IS NULL", True),
        ("$.eventType IS NULL", False),
        ("$.nothing IS NULL", False),
        ("$.ok IS FALSE", True),
        ("$.ok IS TRUE", False),
        ("$.nothing NOT EXISTS", True),
        ("$.SomeObject NOT EXISTS", False),
        ("$.ms > 100", True),
        ("$.ms > 120", False),
        ("$.ms >= 120", True),
        ("$.ms < 1e3", True),
        ("$.ms <= 12e1", True),
        ("$.ms = 120", True),
        ("$.ms = 12*", True),
        ("$.ms != 120", False),
        ("$.ratio < 1", True),
        ("$.status = 404", True),
        ("$.grid[1][1] = 1e+3", True),
        ("$.nothing = 1", False),
        ("$.nothing != 1", False),
        ("($.user.id = 1) && ($.actions[1] = PUT)", True),
        # && binds closer than ||
        ('$.user.email = "John.Stiles@example.com" || $.ms = 1 && $.actions[2] = "no"', True),
        ('($.user.email = "John.Stiles@example.com" || $.ms = 1) && $.actions[2] = "no"', False),
        ('($.user.id = 2 && $.ms = 120) || $.actions[2] = "GET"', False),
    ],
)
def test_json(condition: str, passes: bool) -> None:
    assert read_pattern(f"{{ {condition} }}").matches(json.dumps(TRAIL)) is passes


@pytest.mark.parametrize("message", ["plain text", "[1, 2]", '"text"', ""])
def test_what_is_no_json_object_passes_no_json_pattern(message: str) -> None:
    assert not read_pattern("{ $.a NOT EXISTS }").matches(message)


ACCESS = '127.0.0.1 Prod frank [10/Oct/2000:13:25:15 -0700] "GET /index.html HTTP/1.0" 404 1534'


@pytest.mark.parametrize(
    ("pattern", "passes"),
    [
        ("[ip, user, username, timestamp, request, status_code, bytes]", True),
        ("[ip, user, username, timestamp, request =*.html*, status_code = 4*, bytes]", True),
        ("[..., request =*.html*, status_code = 4*, bytes]", True),
        ("[..., status_code = 5*, bytes]", False),
        ("[ip=%127[.]0[.]0[.][1-9]%, ..., bytes > 1000]", True),
        ("[..., bytes > 2000]", False),
        ("[..., status_code = 404 || status_code = 410, bytes]", True),
        ("[ip != 127.0.0.1, ...]", False),
        ("[w1=ERROR, w2]", False),
        ("[w1=127.0.0.1, w2]", True),  # the last one takes what is left
        ("[a, b, c, d, e, f, g, h]", False),
        ('[..., request = "GET /index.html*", status, bytes]', True),
    ],
)
def test_space_delimited(pattern: str, passes: bool) -> None:
    assert read_pattern(pattern).matches(ACCESS) is passes


@pytest.mark.parametrize(
    ("pattern", "message", "shown"),
    [
        ("[ip, ..., status, bytes]", ACCESS, {"$ip": "127.0.0.1", "$status": "404", "$4": "10/Oct"}),
        ("{ $.ms > 1 && $.level = E* }", '{"ms": 3, "level": "ERROR"}', {"$.ms": "3", "$.level": "ERROR"}),
        ("ERROR", "ERROR", {}),
    ],
)  # fmt: skip
def test_what_is_extracted(pattern: str, message: str, shown: dict[str, str]) -> None:
    found = read_pattern(pattern).extracted(message)
    assert all(found[name].startswith(value) for name, value in shown.items())
    assert bool(found) is bool(shown)


@pytest.mark.parametrize(
    "pattern",
    [
        "you@example.com",  # other characters than letters, digits and _ need quotes
        "2026/11/27",
        "a-b",
        '"open',
        "%(a)%",
        "%a!%",
        "%[%",
        "{ $.a }",
        "{ a = 1 }",
        "{ $.a = }",
        "{ $.a == 1 }",
        "{ $.a = b@c }",
        "{ $.a = 1 && }",
        "{ ($.a = 1 }",
        "{ $.a EXISTS }",
        "{ $.a IS NOT NULL }",
        "{ $.a[*].b[*] = 1 }",
        "{ $.a = %x% && $.b = %y% && $.c = %z% }",
        "[a = 1 && b = 2]",
        "[a, , b]",
        "[..., a, ...]",
        "[a IS NULL]",
    ],
)
def test_refused(pattern: str) -> None:
    with pytest.raises(BadPattern, match=r"^Invalid filter pattern$"):
        read_pattern(pattern)


def test_a_brace_that_is_not_closed_is_named() -> None:
    with pytest.raises(BadPattern, match=r"starts with '{' it must end with '}'"):
        read_pattern("{ $.a = 1")
