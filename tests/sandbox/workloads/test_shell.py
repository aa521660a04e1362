"""What a command answers inside a running container."""

from collections.abc import Sequence

import pytest

from course.sandbox.workloads.images import find_image
from course.sandbox.workloads.shell import Answer, Inside, answer

NGINX = "public.ecr.aws/docker/library/nginx:1.29"
HTTPD = "public.ecr.aws/docker/library/httpd:2.4"
BUSYBOX = "busybox"
ANY = "team/app"


def reach(port: int, path: str) -> int | None:
    """A server on port 80 that knows one page."""
    return (200 if path == "/" else 404) if port == 80 else None


def ask(image: str, command: Sequence[str] | str) -> Answer:
    inside = Inside(find_image(image), {"PORT": "80", "MODE": "test"}, "host-1", "nginx", reach)
    return answer(inside, ["sh", "-c", command] if isinstance(command, str) else command)


@pytest.mark.parametrize(
    ("image", "script", "code"),
    [
        (NGINX, "exit 0", 0),
        (NGINX, "exit 1", 1),
        (NGINX, "exit", 0),
        (NGINX, "curl -f http://localhost/", 0),
        (NGINX, "curl -f http://localhost:$PORT/ || exit 1", 0),
        (NGINX, "curl -fsS -o /dev/null http://127.0.0.1:80/", 0),
        (NGINX, "curl localhost", 0),
        (NGINX, "curl -f http://localhost/health", 22),
        (NGINX, "curl http://localhost/health", 0),
        (NGINX, "curl --fail http://localhost/health || exit 1", 1),
        (NGINX, "curl -f http://localhost:8080/", 7),
        (NGINX, "curl -f https://localhost:80/", 35),
        (NGINX, "curl -f http://example.com/", 6),
        (NGINX, "curl -f http://localhost:nonsense/", 6),
        (NGINX, "curl -s http://localhost/ | grep answers", 0),
        (NGINX, "curl -s http://localhost/ | grep -q nothing", 1),
        (HTTPD, "curl -f http://localhost/", 127),
        (HTTPD, "curl -f http://localhost/ || exit 1", 1),
        (HTTPD, "wget -q -O - http://localhost/", 127),
        (BUSYBOX, "wget --spider -q http://localhost/", 0),
        (BUSYBOX, "wget -qO- http://localhost/health", 1),
        (BUSYBOX, "wget -qO- http://localhost:81/ || exit 3", 3),
        (BUSYBOX, "curl http://localhost/", 127),
        (ANY, "pg_isready -U postgres", 0),
        (ANY, "curl -f http://localhost:81/", 7),
        (NGINX, "pg_isready", 127),
        (NGINX, "test -f /x && false", 1),
    ],
)
def test_the_exit_code(image: str, script: str, code: int) -> None:
    assert ask(image, script).code == code


@pytest.mark.parametrize(
    ("command", "shown"),
    [
        (["env"], "HOSTNAME=host-1\nMODE=test\nPORT=80\n"),
        (["printenv", "MODE"], "test\n"),
        ("echo $MODE; whoami", "test\nroot\n"),
        (["hostname"], "host-1\n"),
        ("false || echo 'one two'", "one two\n"),
        ("true | cat", ""),
    ],
)
def test_what_is_printed(command: list[str] | str, shown: str) -> None:
    assert ask(NGINX, command) == Answer(0, shown)


def test_ps_shows_the_first_process_where_the_image_has_ps() -> None:
    assert "1 root     nginx" in ask(BUSYBOX, ["ps"]).output
    assert ask(NGINX, ["ps"]) == Answer(127, "sh: ps: not found\n")


def test_what_the_model_does_not_know_it_says() -> None:
    assert "not part of the workload model" in ask(NGINX, "cat /etc/os-release").output
    assert ask(NGINX, "cat /etc/os-release").code == 1


def test_sleep_takes_its_time() -> None:
    assert ask(NGINX, "sleep 3; sleep 4").seconds == 7
