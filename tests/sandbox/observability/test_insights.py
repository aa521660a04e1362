"""The Insights subset as tables: a query, and the rows it makes of the same eight events."""

import json

import pytest

from course.sandbox.observability.insights.query import event, read_query
from course.sandbox.observability.insights.reader import Malformed, Outside

START = 1_795_766_400_000  # 2026-11-27 08:00:00 UTC
MINUTE = 60_000


def line(level: str, path: str, status: int, ms: float, **more: object) -> str:
    return json.dumps({"level": level, "path": path, "status": status, "ms": ms, **more})


MESSAGES = (
    (0, "a", "starting, port=8080 mode=slow start"),
    (1, "a", line("INFO", "/", 200, 10)),
    (2, "a", line("INFO", "/", 200, 30, user={"id": 7})),
    (3, "b", line("INFO", "/orders", 201, 20)),
    (5, "b", line("ERROR", "/orders", 500, 900, ok=False)),
    (6, "b", line("ERROR", "/", 503, 40, ok=True)),
    (7, "a", "SIGTERM received"),
    (8, "b", line("WARN", "/health", 200, 2.5)),
)


def run(query: str, limit: int | None = None) -> list[dict[str, str]]:
    events = [
        event(START + minute * MINUTE, text, logStream=stream, ptr=f"p{place}")
        for place, (minute, stream, text) in enumerate(MESSAGES)
    ]
    return read_query(query).run(events, limit).shown()


def column(query: str, name: str) -> list[str]:
    return [row.get(name, "") for row in run(query)]


def test_an_event_as_it_is_shown() -> None:
    """Without a command that names columns: time and message, and the pointer; the newest first."""
    first = run("limit 1")
    assert first == [
        {"@timestamp": "2026-11-27 08:08:00.000", "@message": MESSAGES[-1][2], "@ptr": "p7"}
    ]


@pytest.mark.parametrize(
    ("condition", "found"),
    [
        ("status = 200", "127"),
        ("status >= 500", "45"),
        ("status != 200", "345"),  # what has no status is not unlike it
        ("not status = 200", "03456"),
        ("level = 'ERROR' and path = '/'", "5"),
        ("level = 'WARN' or level = 'ERROR' and path = '/'", "57"),
        ("(level = 'WARN' or level = 'ERROR') and path = '/'", "5"),
        ("@message like 'SIGTERM'", "6"),
        ("@message like /SIG|port=\\d+/", "06"),
        ("@message like /(?i)sigterm/", "6"),
        ("@message =~ /^start/", "0"),
        ("@message not like /level/", "06"),
        ("path like '/'", "123457"),
        ("path not like '/o'", "1257"),
        ("status in [201, 503]", "35"),
        ("level in ['WARN', 'ERROR'] and status not in [500]", "57"),
        ("ispresent(user.id)", "2"),
        ("not ispresent(status)", "06"),
        ("ok = 0", "4"),  # a JSON false
        ("ok = 1", "5"),
        ("ms / 10 > 3", "45"),
        ("ms + 10 = 20 or ms * 2 = 5", "17"),
        ("2 ^ 3 = 8 and ms % 20 = 0", "345"),
        ("ms > 30 * (1 + 1)", "4"),
        ("strlen(path) > 1", "347"),
        ("@logStream = 'a' and @timestamp < 1795766460001", "01"),
        ('`level` = "INFO"', "123"),
        ("nothing = 1 or nothing != 1 or nothing < 1", ""),
    ],
)
def test_filter(condition: str, found: str) -> None:
    rows = run(f"filter {condition} | sort @timestamp asc")
    assert "".join(row["@ptr"][1:] for row in rows) == found


@pytest.mark.parametrize(
    ("query", "rows"),
    [
        ("stats count(*)", ["8"]),
        ("stats count() as n | filter n > 100", []),
        ("stats count(status)", ["6"]),
        ("stats count_distinct(path) as paths", ["3"]),
        ("stats sum(ms), avg(ms), min(ms), max(ms)", ["1002.5 167.0833 2.5 900"]),
        ("stats pct(ms, 50) as p50, pct(ms, 99) as p99", ["20 900"]),
        ("filter level = 'none' | stats count(*), sum(ms), avg(ms)", ["0 0"]),
        ("filter ispresent(level) | stats count(*) as n by level | sort n desc, level", ["INFO 3", "ERROR 2", "WARN 1"]),
        ("stats max(ms) by level, path | filter level = 'ERROR' | sort path desc", ["ERROR /orders 900", "ERROR / 40"]),
        ("stats count(*) by bin(5m) | sort bin(5m)", ["2026-11-27 08:00:00.000 4", "2026-11-27 08:05:00.000 4"]),
        ("stats count(*) as n by bin(1h) as hour", ["2026-11-27 08:00:00.000 8"]),
        ("stats count(*) as n by @logStream | sort @logStream", ["a 4", "b 4"]),
        ("filter ispresent(ms) | stats avg(ms) as m by path | stats max(m) as worst", ["460"]),
        ("filter ispresent(status) | stats count(*) by status >= 500 as failed | sort failed", ["0 4", "1 2"]),
        ("stats count(*) by level | filter not ispresent(level)", ["2"]),
    ],
)  # fmt: skip
def test_stats(query: str, rows: list[str]) -> None:
    assert [" ".join(row.values()) for row in run(query)] == rows


@pytest.mark.parametrize(
    ("query", "shown"),
    [
        ("fields path, ms * 2 as double | filter ms = 10", {"path": "/", "double": "20"}),
        ("fields toupper(level) | filter ms = 2.5", {"toupper(level)": "WARN"}),
        ("fields path | fields status | filter ms = 900", {"path": "/orders", "status": "500"}),
        ("fields path | display ms | filter ms = 900", {"ms": "900"}),
        ("fields coalesce(user.id, 'none') as who | filter ms = 30", {"who": "7"}),
        ("fields coalesce(user.id, 'none') as who | filter ms = 10", {"who": "none"}),
        ("fields concat(path, '?', status) as line | filter ms = 900", {"line": "/orders?500"}),
        ("fields replace(path, '/', '.'), substr(level, 0, 2) as l | filter ms = 20", {"replace(path, '/', '.')": ".orders", "l": "IN"}),
        ("fields if(status >= 500, 'bad', 'good') as how | filter ms = 40", {"how": "bad"}),
        ("fields abs(ms - 900), floor(ms), greatest(ms, status) as g | filter ms = 2.5", {"abs(ms - 900)": "897.5", "floor(ms)": "2", "g": "200"}),
        ("fields ms / 0 as never, sqrt(-1) as neither | filter ms = 20", {}),
        ("filter @message like 'port' | parse @message 'port=* mode=*' as port, mode | display port, mode", {"port": "8080", "mode": "slow start"}),
        ("filter @message like 'port' | parse @message /port=(?<p>\\d+)/ | display p", {"p": "8080"}),
        ("filter ms = 10 | parse @message 'port=*' as p | display p, path", {"path": "/"}),
    ],
)  # fmt: skip
def test_fields(query: str, shown: dict[str, str]) -> None:
    (row,) = run(query)
    assert {name: value for name, value in row.items() if name != "@ptr"} == shown


def test_sort_and_limit() -> None:
    numbers = column("filter ispresent(ms) | fields ms | sort ms", "ms")
    assert numbers == ["2.5", "10", "20", "30", "40", "900"]
    assert column("fields ms | sort ms desc | limit 2", "ms") == ["900", "40"]
    assert column("fields ms | sort level desc, ms asc | limit 2", "ms") == ["2.5", "10"]
    assert column("sort @timestamp desc | limit 1", "@message") == [MESSAGES[-1][2]]
    assert len(run("fields ms", limit=3)) == 3


def test_the_order_of_values() -> None:
    """As AWS's guide lists it: other values by their characters and numbers in them, then numbers."""
    ascending = [
        "#",
        "0#",
        "5A",
        "111A",
        "2345_",
        "@",
        "@_",
        "A",
        "A9876fghj",
        "a12345hfh",
        "0",
        "1",
        "2",
    ]
    events = [event(START, json.dumps({"v": one})) for one in sorted(ascending)]
    shown = read_query("fields v | sort v").run(events).shown()
    assert [row["v"] for row in shown] == ascending


def test_comments_and_lines() -> None:
    query = """# what is slow
    fields path, ms   # in milliseconds
    | filter ms > 100
    | sort ms desc"""
    assert column(query, "path") == ["/orders"]


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("pattern @message", "pattern"),
        ("fields @message | diff", "diff"),
        ("fields @message | dedup path", "dedup"),
        ("fields ltrim(path)", r"ltrim\(\)"),
        ("stats stddev(ms)", r"stddev\(\)"),
        ("stats count(*) by bin(1week)", "bin"),
    ],
)
def test_what_is_outside_is_named(query: str, named: str) -> None:
    with pytest.raises(Outside, match=named):
        read_query(query)


@pytest.mark.parametrize(
    ("query", "at"),
    [
        ("", 0),
        ("count(*)", 0),
        ("fields", 6),
        ("fields a b", 9),
        ("fields a | | limit 1", 11),
        ("fields a |", 10),
        ("filter a =", 10),
        ("filter (a = 1", 13),
        ("filter a like b", 14),
        ("filter a like /[/", 14),
        ("filter a in (1)", 12),
        ("stats count(*) by", 17),
        ("stats avg()", 6),
        ("stats ms", 6),
        ("stats pct(ms, many)", 14),
        ("stats count(*) by bin(5x)", 24),
        ("limit many", 6),
        ("fields count(a)", 7),
        ("fields nosuch(a)", 7),
        ("fields strlen()", 7),
        ("parse @message 'a=*'", 20),
        ("parse @message 'a=*, b=*' as a", 30),
        ("parse @message /a/", 18),
        ("fields 'open", 7),
    ],
)
def test_what_is_malformed_is_pointed_at(query: str, at: int) -> None:
    with pytest.raises(Malformed) as raised:
        read_query(query)
    assert raised.value.start == at
    assert raised.value.end >= at
