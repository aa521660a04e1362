"""LIVE asked for: whatever is missing, the lesson says why and goes on in the sandbox, visibly."""

import io
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.awsrequest import AWSResponse
from botocore.exceptions import ConnectTimeoutError
from botocore.httpsession import URLLib3Session

import course
from course import opening, sandbox
from course.in_live import InLive
from course.lessons import Lesson
from course.live.banner import COLOURS, Banner
from course.live.errors import LiveError, NoLive
from course.live.ledger import Ledger
from course.live.whose import called
from course.sandbox.errors import SandboxOnly

WHOLE: dict[str, Any] = {"aws": "live", "region": "us-east-1", "usd": 1, "minutes": 60}
KEYS = {"AWS_ACCESS_KEY_ID": "AKIAPLANTEDPLANTED22", "AWS_SECRET_ACCESS_KEY": "planted/" * 5}
ARN = "arn:aws:sts::210987654321:assumed-role/Learner/me"


class Raw(io.BytesIO):
    def stream(self, **kwargs: Any) -> Iterator[bytes]:
        yield self.read()


def sts(monkeypatch: pytest.MonkeyPatch, *, arn: str = ARN, error: str = "") -> None:
    """An STS that knows the caller, or answers with an error."""
    account = arn.split(":")[4]
    known = f"<Arn>{arn}</Arn><UserId>1</UserId><Account>{account}</Account>"
    body = (
        f"<ErrorResponse><Error><Code>{error}</Code><Message>no</Message></Error></ErrorResponse>"
        if error
        else f"<GetCallerIdentityResponse><GetCallerIdentityResult>{known}</GetCallerIdentityResult>"
        "</GetCallerIdentityResponse>"
    )

    def send(session: Any, request: Any) -> AWSResponse:
        if error == "timeout":
            raise ConnectTimeoutError(endpoint_url=request.url)
        return AWSResponse(request.url, 403 if error else 200, {}, Raw(body.encode()))

    monkeypatch.setattr(URLLib3Session, "send", send)


@pytest.fixture(autouse=True)
def fresh_kernel(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[None]:
    """As in a kernel that has opened nothing yet, with a folder of its own and no keys but ours."""
    monkeypatch.setattr(opening, "_mode", [])
    monkeypatch.setenv("COURSE_DATA_DIR", str(tmp_path))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    monkeypatch.setenv("AWS_SHARED_CREDENTIALS_FILE", os.devnull)
    monkeypatch.setenv("AWS_CONFIG_FILE", os.devnull)
    yield
    if open_now := sandbox.current():
        open_now.close()


class Typing(io.StringIO):
    def isatty(self) -> bool:
        return True


def keys(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in KEYS.items():
        monkeypatch.setenv(name, value)


def types(monkeypatch: pytest.MonkeyPatch, text: str) -> None:
    monkeypatch.setattr(sys, "stdin", Typing(text))


CASES: dict[str, tuple[dict[str, Any], dict[str, str], str | None, str]] = {
    "no Region": ({"region": None}, {}, None, "No Region was named"),
    "no prices there": ({"region": "eu-west-3"}, {}, None, "No prices are known for 'eu-west-3'"),
    "no ceiling": ({"usd": None}, {}, None, "No ceiling in US dollars was given"),
    "no minutes": ({"minutes": None}, {}, None, "No time was given"),
    "a ceiling below the estimate": ({"usd": 0.1}, {}, "4321\n", "could cost up to 0.14 dollars"),
    "root": (
        {},
        {"arn": "arn:aws:iam::210987654321:root"},
        "4321\n",
        "the root user's credentials",
    ),
    "expired": ({}, {"error": "ExpiredToken"}, "4321\n", "The credentials have expired"),
    "refused": ({}, {"error": "InvalidClientTokenId"}, "4321\n", "AWS refused the credentials"),
    "not reached": ({}, {"error": "timeout"}, "4321\n", "AWS was not reached"),
    "no terminal": ({}, {}, None, "the standard input is no terminal"),
    "nothing typed": ({}, {}, "\n", "It was not confirmed"),
    "other digits": ({}, {}, "1234\n", "It was not confirmed"),
    "the end of the input": ({}, {}, "", "It was not confirmed"),
}


@pytest.mark.parametrize("case", CASES)
def test_it_says_why_and_stays_in_the_sandbox(
    case: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    change, answers, typed, says = CASES[case]
    keys(monkeypatch)
    sts(monkeypatch, **answers)
    if typed is None:
        monkeypatch.setattr(sys, "stdin", io.StringIO("4321\n"))
    else:
        types(monkeypatch, typed)
    lesson = course.lesson("fargate-tutorial", **{**WHOLE, **change})
    said = capsys.readouterr().out
    assert "SANDBOX  A first service on Fargate" in said
    (why,) = [line for line in said.splitlines() if line.startswith("LIVE was asked for")]
    assert why.startswith("LIVE was asked for, and this is the SANDBOX. ")
    assert says in why
    assert repr(lesson).startswith("Lesson('fargate-tutorial', SANDBOX")
    assert lesson.client("ecs").list_clusters()["clusterArns"] == []
    assert not (tmp_path / "live.jsonl").exists()
    for planted in (*KEYS.values(), "210987654321"):
        assert planted not in said


def test_without_credentials_it_never_asks_for_them(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    types(monkeypatch, "AKIAPLANTEDPLANTED22\n")
    course.lesson("fargate-tutorial", **WHOLE)
    assert "boto3 finds no credentials" in capsys.readouterr().out


def test_where_nobody_can_confirm_nothing_is_asked_of_aws(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    asked: list[str] = []
    monkeypatch.setattr(URLLib3Session, "send", lambda _, request: asked.append(request.url))
    keys(monkeypatch)
    monkeypatch.setattr(sys, "stdin", io.StringIO("4321\n"))
    course.lesson("fargate-tutorial", **WHOLE)
    assert "the standard input is no terminal" in capsys.readouterr().out
    assert asked == []


def test_a_lesson_without_cells_for_live_says_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    course.lesson("start-here", **WHOLE)
    assert "start-here has no cells for LIVE yet" in capsys.readouterr().out


def test_a_ledger_that_cannot_be_written_is_no_live(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    file = tmp_path / "a-file"
    file.touch()
    monkeypatch.setenv("COURSE_DATA_DIR", str(file))
    monkeypatch.setattr(opening, "_left_in_live", lambda: ())
    with pytest.raises(NoLive, match="The ledger cannot be written"):
        opening._in_live("fargate-tutorial", opening.Asked(**WHOLE))


def live_lesson(monkeypatch: pytest.MonkeyPatch) -> Lesson:
    keys(monkeypatch)
    sts(monkeypatch)
    types(monkeypatch, "4321\n")
    return course.lesson("fargate-tutorial", **WHOLE)


@pytest.fixture
def in_live(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Iterator[Lesson]:
    lesson = live_lesson(monkeypatch)
    yield lesson
    assert isinstance(lesson._sandbox, InLive)
    lesson._sandbox.close()


def test_the_confirmation_shows_what_is_at_stake(
    in_live: Lesson, capsys: pytest.CaptureFixture[str]
) -> None:
    said = capsys.readouterr().out
    for part in (
        "account   ends in 4321",
        "as        role Learner",
        "Region    us-east-1",
        "creates   a cluster; a security group that lets everybody in on port 80",
        "at most about 0.14 dollars in 60 minutes, by prices of 2026-06-17",
        "beyond 1.00 dollars",
        "LIVE  A first service on Fargate · us-east-1",
        "EXPERIMENTAL",
    ):
        assert part in said
    assert "210987654321" not in said
    assert repr(in_live).startswith("Lesson('fargate-tutorial', LIVE, 2")


ONLY_THE_SANDBOX = {
    "clock": lambda one: one.clock,
    "timeline": lambda one: one.timeline(),
    "traffic": lambda one: one.traffic("http://a"),
    "get": lambda one: one.get("http://a"),
    "inside": lambda one: one.inside("t"),
    "trace": lambda one: one.trace("a", "b"),
    "why": lambda one: one.why(),
    "deploy": lambda one: one.deploy("x"),
    "snapshot": lambda one: one.snapshot(),
    "endpoint": lambda one: one.endpoint(),
    "reset": lambda one: one.reset(),
    "exercise": lambda one: one.exercise("fargate-service-101"),
    "check": lambda one: one.check("fargate-service-101"),
    "diagram of roles": lambda one: one.diagram(roles="c"),
    "diagram of a task": lambda one: one.diagram(task="t"),
}


def test_what_only_the_sandbox_has_raises_sandbox_only_before_anything_is_asked(
    in_live: Lesson, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(URLLib3Session, "send", lambda *_: pytest.fail("something was sent"))
    for name, ask in ONLY_THE_SANDBOX.items():
        with pytest.raises(SandboxOnly, match="is the sandbox's"):
            ask(in_live)
            pytest.fail(name)


def test_questions_cards_and_the_map_are_there_in_live(in_live: Lesson) -> None:
    assert in_live.checkpoint("fargate-services-002")
    assert "big picture" in repr(in_live.map())
    assert "By the ledger 0 created here are still there" in repr(in_live.finish())


def test_wait_until_asks_until_it_is_so(in_live: Lesson, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr("time.sleep", slept.append)
    in_live.wait_until(lambda: len(slept) == 3)
    assert slept == [5.0, 5.0, 5.0]
    with pytest.raises(LiveError, match="Not so within 0 seconds"):
        in_live.wait_until(lambda: False, timeout=0)


def test_one_kernel_has_one_mode(in_live: Lesson, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(LiveError, match="This kernel is in LIVE; for the sandbox, restart it"):
        course.lesson("fargate-tutorial")
    assert sandbox.current() is None
    types(monkeypatch, "no\n")
    with pytest.raises(LiveError, match="LIVE was not opened again"):
        course.lesson("fargate-tutorial", **WHOLE)
    assert sandbox.current() is None


def test_a_kernel_that_began_in_the_sandbox_stays_there(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    course.lesson("fargate-tutorial")
    live_lesson(monkeypatch)
    said = capsys.readouterr().out
    assert "This kernel began in the sandbox; restart it" in said
    assert sandbox.current() is not None


def test_the_environment_asks_for_it_with_no_change_to_the_notebook(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COURSE_AWS", "live")
    course.lesson("fargate-tutorial")
    assert "LIVE was asked for, and this is the SANDBOX. No Region was named." in capsys.readouterr().out  # fmt: skip


def test_an_attempt_that_was_not_cleaned_up_is_told_at_the_next_start(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ledger = Ledger(tmp_path)
    began = {"lesson": "fargate-tutorial", "region": "us-east-1", "account": "4321", "usd": 1.0}
    ledger.write("a1", "began", until="2026-11-26T20:00:00+00:00", **began)
    ledger.write("a1", "intends", thing="t", kind="cluster", name="c")
    course.lesson("fargate-tutorial")
    said = capsys.readouterr().out
    assert "was not cleaned up: 1 thing by the ledger" in said
    assert "python3 -m course cleanup --dry-run" in said


def test_cleanup_in_the_sandbox_clears_exercises_away() -> None:
    lesson = course.lesson("fargate-tutorial")
    assert "nothing, no exercise was begun" in repr(lesson.cleanup())
    lesson.exercise("fargate-service-101")
    assert lesson.client("ecs").list_clusters()["clusterArns"]
    assert "Would clear away: fargate-service-101" in repr(lesson.cleanup(dry_run=True))
    assert "Cleared away: fargate-service-101" in repr(lesson.cleanup())
    assert lesson.client("ecs").list_clusters()["clusterArns"] == []


@pytest.mark.parametrize(
    ("arn", "who"),
    [
        ("arn:aws:sts::210987654321:assumed-role/Learner/session", "role Learner"),
        ("arn:aws:iam::210987654321:user/path/me", "user me"),
        ("arn:aws:sts::210987654321:federated-user/me", "federated-user me"),
    ],
)
def test_who_calls(arn: str, who: str) -> None:
    assert str(called(arn, "210987654321")) == who


def test_the_word_says_it_and_white_is_readable_on_both_colours() -> None:
    for place, colour in COLOURS.items():
        banner = Banner(place, "A <lesson>", ("more",))
        assert f">{place}</span> A &lt;lesson&gt;<br>more" in banner.html
        assert repr(banner) == f"{place}  A <lesson>\nmore"
        assert 1.05 / (luminance(colour) + 0.05) > 6


def luminance(colour: str) -> float:
    """Relative luminance, as WCAG has it."""
    parts = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    linear = [one / 12.92 if one <= 0.04045 else ((one + 0.055) / 1.055) ** 2.4 for one in parts]
    return sum(weight * one for weight, one in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
