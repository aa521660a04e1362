"""What is printed to paste does what it says; bash is asked, where there is one."""

from __future__ import annotations

import re
import shutil
import subprocess
from textwrap import dedent

import pytest

from course.sandbox.endpoint.exports import LEFT_OUT, exports, variables

URL, REGION = "http://127.0.0.1:4242", "eu-central-1"
NAMED = variables(URL, REGION)


def block(shell: str) -> str:
    """The lines to paste into one shell."""
    found = re.search(rf"^{shell}:\n\n((?:  .*\n)+)", exports(URL, REGION), re.MULTILINE)
    assert found
    return dedent(found[1])


@pytest.mark.skipif(not shutil.which("bash"), reason="no bash here")
def test_bash_ends_up_with_these_variables_and_without_the_learners() -> None:
    before = {"AWS_PROFILE": "work", "AWS_SESSION_TOKEN": "real", "AWS_ACCESS_KEY_ID": "real"}
    script = block("bash or zsh") + "env\n"
    done = subprocess.run(["bash", "-euc", script], env=before, capture_output=True, check=True)
    after = dict(line.split("=", 1) for line in done.stdout.decode().splitlines())
    assert {name: after.get(name) for name in NAMED} == NAMED
    assert not set(LEFT_OUT) & after.keys()
    assert not [name for name, value in after.items() if value == "real"]


@pytest.mark.parametrize(
    ("shell", "line", "away"),
    [
        ("bash or zsh", "export {}='{}'", "unset "),
        ("PowerShell", "$env:{}='{}'", "Remove-Item -ErrorAction Ignore "),
        ("fish", "set -gx {} '{}'", "set -e "),
    ],
)
def test_every_shell_gets_all_of_them(shell: str, line: str, away: str) -> None:
    first, *lines = block(shell).splitlines()
    assert lines == [line.format(*one) for one in NAMED.items()]
    assert first.startswith(away)
    assert all(name in first for name in LEFT_OUT)


def test_where_the_cli_needs_more_than_them_it_says_so() -> None:
    told = " ".join(exports(URL, REGION).split())
    assert f"aws --endpoint-url {URL} sqs" in told
    assert "AWS_DISABLE_HOST_PREFIX_INJECTION is for aws servicediscovery" in told
    assert "session-manager-plugin" in told
