"""What a command does when a container runs it."""

import pytest

from course.sandbox.workloads.images import find_image
from course.sandbox.workloads.program import Program, program_of

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
    assert program_of(HTTPD, []) == Program(runs=None, sigterm=0, stops=1)
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
