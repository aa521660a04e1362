"""``python3 -m course sandbox``: the sandbox by itself, for the aws CLI and programs of your own.

It starts at the wall clock's time and runs by itself. Ctrl-C is how one ends it,
so that is no failure: the exit status is 0, and so it is when the system asks
the process to end (SIGTERM).
"""

import argparse
import json
import signal
import sys
from datetime import UTC, datetime
from difflib import get_close_matches
from typing import Any

from course.bootstrap import COMMAND

PORT = 4242
SLOWEST, FASTEST = 0.01, 1000

DESCRIPTION = """\
An Amazon ECS that behaves, on this computer: for the real aws CLI, an SDK, Terraform. It listens
on 127.0.0.1 only, keeps everything in memory, and ends with Ctrl-C. Nothing reaches AWS."""

EXAMPLES = """\
examples:
  {0} sandbox                      prints what to export, for bash, PowerShell and fish
  {0} sandbox --port 0 --json      any free port, told in one line for a program to read
  {0} sandbox --speed 60           a minute passes in a second; timestamps run ahead of your watch
  {0} sandbox --profile typical    tasks take as long as on AWS, not a fifth of it"""


def main(arguments: list[str]) -> int:
    """Serve until Ctrl-C; returns 0 then, 1 when it cannot start, 2 when it was asked wrongly."""
    options = _parser().parse_args(arguments)
    from course.sandbox.errors import SandboxError

    try:
        return _serve(options)
    except SandboxError as error:
        print(error, file=sys.stderr)
        return 1


def _serve(options: argparse.Namespace) -> int:
    from course import sandbox
    from course.sandbox.endpoint.server import Endpoint

    _check_region(options.region)
    now = datetime.now(UTC).replace(microsecond=0)
    world = {"region": options.region, "profile": options.profile, "seed": options.seed}
    given = {name: value for name, value in world.items() if value is not None}
    for ending in (signal.SIGINT, signal.SIGTERM):
        signal.signal(ending, signal.default_int_handler)
    try:
        with (
            sandbox.open(start=now, rate=options.speed, **given) as aws,
            Endpoint(aws, options.port) as endpoint,
        ):
            print(_told(endpoint, options), flush=True)
            endpoint.serve()
    except KeyboardInterrupt:
        pass
    print("The sandbox has ended; its world is gone.", file=sys.stderr)
    return 0


def _told(endpoint: Any, options: argparse.Namespace) -> str:
    if options.json:
        return json.dumps({"endpoint": endpoint.url, "token": endpoint.token})
    clock = f"-H 'Authorization: Bearer {endpoint.token}' {endpoint.url}/_course/clock"
    lines = [
        f"The sandbox listens at {endpoint.url} (Region {endpoint.region}); Ctrl-C ends it.",
        *_pace(options.speed),
        "",
        "Paste the lines of your shell into another terminal, and the aws CLI there talks to it.",
        "",
        repr(endpoint),
        f"- Two minutes at once: curl -d '{{\"advance\": 120}}' {clock}",
    ]
    return "\n".join(lines)


def _pace(speed: float) -> list[str]:
    """What a speed other than the wall clock's costs, which is not obvious."""
    if speed == 1:
        return []
    way = "ahead of" if speed > 1 else "behind"
    return [
        f"Time runs at {speed:g}x: timestamps get {way} your watch, so a query for the last hour by",
        "the wall clock (metrics, logs) finds the wrong hour. The CLI's waiters still sleep real time.",
    ]


def _check_region(region: str | None) -> None:
    """Raise SandboxError for a Region that AWS does not have."""
    from botocore.session import Session

    from course.sandbox.errors import SandboxError

    known = Session().get_available_regions("ecs")
    if region is not None and region not in known:
        near = get_close_matches(region, known, 1) or ["us-east-1", "eu-central-1"]
        raise SandboxError(f"AWS has no Region {region!r}; try {' or '.join(near)}.")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog=f"{COMMAND} sandbox",
        description=DESCRIPTION,
        epilog=EXAMPLES.format(COMMAND),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument(
        "--port", type=_port, default=PORT, help=f"where it listens; 0 picks one (default {PORT})"
    )
    parser.add_argument(
        "--speed", type=_speed, default=1, help="virtual seconds in a real one (default 1)"
    )
    parser.add_argument(
        "--profile", default="brisk", help="how long stages last: brisk, typical, slow, instant"
    )
    parser.add_argument("--seed", type=int, help="another one gives other ids")
    parser.add_argument("--region", help="default us-east-1")
    parser.add_argument("--json", action="store_true", help="one line for a program to read")
    return parser


def _port(text: str) -> int:
    port = int(text) if text.isdecimal() else -1
    if not 0 <= port <= 65535:
        raise argparse.ArgumentTypeError(f"a port is a number from 0 to 65535, not {text!r}")
    return port


def _speed(text: str) -> float:
    try:
        speed = float(text)
    except ValueError:
        speed = -1
    if not SLOWEST <= speed <= FASTEST:
        allowed = f"a number from {SLOWEST:g} to {FASTEST}"
        raise argparse.ArgumentTypeError(f"a speed is {allowed}, not {text!r}")
    return speed
