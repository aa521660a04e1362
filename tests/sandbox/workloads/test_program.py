"""What a command does when a container runs it."""

import pytest

from course.sandbox.workloads.images import Image, find_image
from course.sandbox.workloads.program import (
    Program,
    Server,
    configured,
    exceeds_at,
    limited,
    on,
    program_of,
    refused,
)

HTTPD = find_image("public.ecr.aws/docker/library/httpd:2.4")
ANY = find_image("example/app:1")


@pytest.mark.parametrize(
    ("script", "runs", "code"),
    [
        ("exit 3", 0, 3),
        ("exit 300", 0, 44),
        ("exit nonsense", 0, 2),
        ("true", 0, 0),
        ("false", 0, 1),
        ("sleep 30", 30, 0),
        ("sleep 2m; exit 1", 120, 1),
        ("sleep 5 && sleep 5", 10, 0),
        ("false && exit 7", 0, 1),
        ("false || exit 7", 0, 7),
        ("true || exit 7", 0, 0),
        ("exit 4\nexit 5", 0, 4),
        ("echo 'exit 9; && ||'; exit 2", 0, 2),
        ("echo 'an open quote", 0, 2),
        ("echo hello", 0, 0),
    ],
)
def test_a_script_ends_with_its_code(script: str, runs: float, code: int) -> None:
    program = program_of(HTTPD, ["sh", "-c", script])
    assert (program.runs, program.exit_code) == (runs, code)


@pytest.mark.parametrize("command", [["sleep", "30"], ["/bin/sleep", "30s"], ["sleep", "0.5m"]])
def test_sleep_ends_with_0(command: list[str]) -> None:
    assert program_of(HTTPD, command) == Program(runs=30, exit_code=0)


def test_sleep_infinity_runs_on() -> None:
    assert program_of(HTTPD, ["sleep", "infinity"]).runs is None


def test_without_a_command_the_image_runs_its_own_program() -> None:
    assert program_of(HTTPD, []) == Program(
        runs=None,
        sigterm=0,
        stops=1,
        own=True,
        server=Server(
            port=80,
            starts=1,
            paths=(("/", 200), ("/index.html", 200)),
            carries=4000,
            latency=0.002,
            says="It works!",
        ),
    )
    assert program_of(find_image("busybox"), []) == Program(runs=0, exit_code=0)


@pytest.mark.parametrize(
    ("command", "ends"),
    [
        (["httpd-foreground"], (1, 0)),
        (["sh", "-c", "exec httpd-foreground"], (1, 0)),
        (["sh", "-c", "echo hello && httpd-foreground"], (30, 137)),
        (["sleep", "3600"], (30, 137)),
    ],
)
def test_only_the_first_process_hears_the_signal(
    command: list[str], ends: tuple[float, int]
) -> None:
    assert program_of(HTTPD, command).stopping(30) == ends


def test_what_takes_longer_than_stop_timeout_is_killed() -> None:
    slow = Program(runs=None, sigterm=0, stops=20)
    assert slow.stopping(30) == (20, 0)
    assert slow.stopping(10) == (10, 137)


@pytest.mark.parametrize(
    "command", [["python", "app.py"], ["sh", "-c", "python migrate.py && gunicorn app"]]
)
def test_in_an_image_nobody_has_described_the_last_command_serves(command: list[str]) -> None:
    assert program_of(ANY, command).runs is None
    assert program_of(ANY, ["sh", "-c", "echo done"]).runs == 0


@pytest.mark.parametrize(
    ("image", "command", "missing", "code"),
    [
        ("httpd", ["httpd-foregroun"], "httpd-foregroun", 0),
        ("nginx", ["ngin"], None, 127),  # its entry point is a script, which can only end
        ("httpd", ["sh", "-c", "httpd-foregroun"], None, 127),
        ("httpd", ["sh", "-c", "httpd-foregroun || exit 5"], None, 5),
        ("team/app", ["pythn"], None, 0),  # nobody knows what is in there
    ],
)
def test_a_command_that_is_not_in_the_image(
    image: str, command: list[str], missing: str | None, code: int
) -> None:
    program = program_of(find_image(image), command)
    assert (program.missing, program.exit_code) == (missing, code)


def test_a_shell_in_a_shell_as_in_awss_tutorial() -> None:
    script = (
        "/bin/sh -c \"echo '<html>' > /usr/local/apache2/htdocs/index.html && httpd-foreground\""
    )
    program = program_of(HTTPD, ["sh", "-c", script])
    assert program.runs is None and program.server and program.server.port == 80


def test_a_server_that_other_commands_ran_before_is_up_later() -> None:
    program = program_of(HTTPD, ["sh", "-c", "sleep 20 && httpd-foreground"])
    assert program.server and program.server.starts == 21


@pytest.mark.parametrize(
    ("limit", "runs", "code"),
    [(512, (512 - 60) / 60 * 60, 137), (50, 0, 137), (10_000, None, 0), (None, None, 0)],
)
def test_more_memory_than_allowed_is_the_end(
    limit: float | None, runs: float | None, code: int
) -> None:
    image = find_image("registry.example.com/web-leaks:1")
    program = limited(program_of(image, []), image, limit)
    assert (program.runs, program.exit_code) == (runs, code)
    assert (program.reason is None) == (code == 0)


@pytest.mark.parametrize(
    ("name", "architecture", "command", "code"),
    [
        ("web-arm", "X86_64", [], 1),
        ("web-arm", "X86_64", ["sh", "-c", "exit 0"], 1),
        ("web-arm", "ARM64", ["sh", "-c", "exit 0"], 0),
        ("web", "X86_64", ["sh", "-c", "exit 0"], 0),
        ("web", "ARM64", ["sh", "-c", "exit 0"], 0),
    ],
)
def test_an_image_runs_on_what_it_was_built_for(
    name: str, architecture: str, command: list[str], code: int
) -> None:
    image = find_image(f"registry.example.com/{name}")
    program = on(program_of(image, command), image, architecture, command)
    assert (program.runs, program.exit_code) == (0, code)
    assert program.wrote == (
        f"exec {(command or ['/app'])[0]}: exec format error" if code else None
    )


def test_memory_in_use_grows_in_straight_lines() -> None:
    image = Image("x", memory=((0, 100), (10, 200), (20, 200), (30, 300)))
    assert [exceeds_at(image, mib) for mib in (50, 150, 200, 250, 300)] == [0, 5, 20, 25, None]


@pytest.mark.parametrize(
    ("given", "command", "runs", "code", "wrote"),
    [
        ({"DATABASE_URL"}, [], None, 0, None),
        ({"DATABASE_URL", "MORE"}, [], None, 0, None),
        (set(), [], 0, 1, "KeyError: 'DATABASE_URL'"),
        ({"DATABASE_HOST"}, [], 0, 1, "KeyError: 'DATABASE_URL'"),
        (set(), ["sh", "-c", "exit 3"], 0, 3, None),  # not its own program
    ],
)
def test_a_program_without_the_environment_it_needs_ends_at_once(
    given: set[str], command: list[str], runs: float | None, code: int, wrote: str | None
) -> None:
    image = find_image("registry.example.com/web-needs")
    program = configured(program_of(image, command), image, given)
    assert (program.runs, program.exit_code, program.wrote) == (runs, code, wrote)


WORKER = find_image("registry.example.com/worker-secret")


@pytest.mark.parametrize(
    ("given", "runs", "code", "wrote", "error"),
    [
        ({"QUEUE_URL", "DB_PASSWORD"}, None, 0, None, None),
        ({"QUEUE_URL"}, 0, 78, None, "DB_PASSWORD is not set: it has to come from a secret"),
        ({"DB_PASSWORD"}, 0, 78, "KeyError: 'QUEUE_URL'", None),
        (set(), 0, 78, "KeyError: 'QUEUE_URL'", None),
    ],
)
def test_a_program_that_lacks_a_secret_says_so(
    given: set[str], runs: float | None, code: int, wrote: str | None, error: str | None
) -> None:
    program = configured(program_of(WORKER, []), WORKER, given)
    assert (program.runs, program.exit_code) == (runs, code)
    assert (program.wrote, program.error) == (wrote, error)


def test_a_worker_serves_nobody_and_runs_on() -> None:
    program = program_of(WORKER, [])
    assert (program.runs, program.server, program.stopping(30)) == (None, None, (5, 0))
    assert limited(program, WORKER, 60).runs == 15  # 40 MiB, and 80 half a minute later


def test_a_program_that_aws_refuses_something_ends_with_its_code() -> None:
    program = program_of(WORKER, [])
    given_up = refused(program, WORKER, "no", 180)
    assert given_up and (given_up.runs, given_up.exit_code, given_up.error) == (180, 77, "no")
    assert given_up.stopping(30) == (5, 0)
    assert refused(program, find_image("registry.example.com/worker-stuck"), "no", 0) is None
    server = refused(program_of(HTTPD, []), HTTPD, "no", 0)
    assert server and (server.exit_code, server.server) == (1, None)


@pytest.mark.parametrize(
    ("script", "prints"),
    [
        ("echo a", [(0, "a")]),
        ("echo a; sleep 5; echo b c; exit 1", [(0, "a"), (5, "b c")]),
        ("sleep 2 && nosuch || echo $HOME", [(2, "sh: nosuch: not found"), (2, "$HOME")]),
        ("false && echo never", []),
        ("echo kept > file; true", []),
        ("echo up; exec httpd-foreground", [(0, "up")]),
        ("sh -c 'sleep 1; echo inner'; echo outer", [(1, "inner"), (1, "outer")]),
    ],
)
def test_what_a_command_prints(script: str, prints: list[tuple[float, str]]) -> None:
    assert list(program_of(HTTPD, ["sh", "-c", script]).prints) == prints


def test_a_command_without_a_shell_prints_too() -> None:
    assert program_of(HTTPD, ["echo", "a", "b"]).prints == ((0, "a b"),)
