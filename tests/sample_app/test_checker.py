"""The checker finds every violation planted, says why, and finds nothing in the honest app."""

import re
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from course.sample_app.checker import check
from course.sample_app.findings import NAMES

pytestmark = pytest.mark.slow  # it runs real processes

Copy = Callable[[str], Path]


def test_nothing_is_found_in_the_honest_app(project: Copy) -> None:
    honest = project("honest")
    before = contents(honest)
    findings = check(honest)
    assert findings.failing == [] and all(one.holds for one in findings.each), findings
    assert repr(findings).endswith("12 of 12 factors hold")
    assert contents(honest) == before


# factor: file, what stands there, what is planted, and what the finding says
PLANTED: dict[str, tuple[str, str, str, str]] = {
    "I": ("app_production.py", "", "{app.py}", "app.py and app_production.py"),
    "II": ("requirements.txt", "flask==3.1.3", "flask", "flask has no =="),
    "III": ("config.py", 'os.environ["KITCHEN"]', '"Test kitchen"', "KITCHEN"),
    "IV": (
        "storage.py",
        "urlsplit(URL).path",
        'os.path.join(os.path.dirname(__file__), "orders.db")',
        "orders.db",
    ),
    "V": ("Procfile", "web: python", "web: python -m compileall -q . && exec python", "compileall"),
    "VI": ("app.py", "storage.every()}", "MINE}", "another has not"),
    "VII": ("config.py", 'int(os.environ["PORT"])', "8000", "it binds 8000"),
    "VIII": ("app.py", "    server = make", "    open('app.pid', 'x')\n    server = make", "second"),
    "IX": ("app.py", "signal.signal(signal.SIGTERM, lambda *_: threading.Thread(target=server.shutdown).start())", "signal.signal(signal.SIGTERM, signal.SIG_IGN)", "SIGTERM"),
    "X": ("config.py", 'KITCHEN =', 'TEST = os.environ.get("STAGE") == "test"\nKITCHEN =', "STAGE"),
    "XI": (
        "app.py",
        'print("order taken:", request.get_json()["dish"], flush=True)',
        'print(request.get_json(), file=open("app.log", "a"))',
        "app.log",
    ),
    "XII": ("app.py", "    server = make", "    storage.create_table()\n    server = make", "too"),
}  # fmt: skip


def plant(folder: Path, factor: str) -> None:
    file, old, new, _ = PLANTED[factor]
    path = folder / file
    if not old:
        path.write_text((folder / new.strip("{}")).read_text("utf-8"), "utf-8")
        return
    text = path.read_text("utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), "utf-8")
    if factor == "VI":  # orders kept in the process's own memory
        text = path.read_text("utf-8").replace("app = Flask", "MINE = []\napp = Flask")
        path.write_text(text.replace("storage.add(", "MINE.append("), "utf-8")


@pytest.mark.parametrize("factor", PLANTED)
def test_each_violation_planted_in_the_honest_app_is_found(project: Copy, factor: str) -> None:
    honest = project("honest")
    plant(honest, factor)
    findings = check(honest)
    assert PLANTED[factor][3] in findings[factor].found, findings
    also = {"IV": {"XII"}, "VI": {"IV", "XII"}}.get(factor, set())  # the same act breaks these too
    assert set(findings.failing) - also == {factor}, findings


def test_every_factor_has_a_violation_planted() -> None:
    assert set(PLANTED) == set(NAMES)


def test_the_broken_twin_keeps_none(project: Copy) -> None:
    findings = check(project("broken"))
    assert not any(one.holds for one in findings.each), findings
    assert findings["VI"].found == "cannot be told until VII holds"


def test_repairing_the_port_shows_what_it_hid(project: Copy) -> None:
    """Once it binds the port it is given, the factors behind it can be told, and they fail."""
    broken = project("broken")
    code = (broken / "app.py").read_text("utf-8")
    assert "PORT = 8000" in code
    repaired = code.replace("PORT = 8000", 'PORT = int(os.environ["PORT"])')
    (broken / "app.py").write_text(repaired, "utf-8")
    findings = check(broken)
    assert findings["VII"].holds, findings
    assert set(findings.failing) >= {"III", "IV", "VIII", "IX", "XI", "XII"}, findings
    assert findings["VI"].found == "cannot be told until VIII holds"


def test_a_folder_without_a_procfile_is_no_project(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError, match="is this a project's folder"):
        check(tmp_path)


def test_findings_name_no_folder_of_the_trial(project: Copy) -> None:
    """What is shown is the same on every computer."""
    assert not re.search(r"course-trial-", repr(check(project("broken"))))


def contents(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }
