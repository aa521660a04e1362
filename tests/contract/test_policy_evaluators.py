"""Our evaluator of policies against another one, on policies and requests made by chance.

The other is ``@cloud-copilot/iam-simulate`` of the npm registry (AGPL; it is run here and nothing
of it is kept). Its first run, in November 2026, found one defect of ours: what a resource-based
policy allows to the principal ``*`` was limited by a permissions boundary. Where the two differ
the reason is written down here.
"""

from __future__ import annotations

import json
import shutil
import subprocess
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from course.sandbox.authorize.decision import decide
from course.sandbox.authorize.patterns import context
from course.sandbox.authorize.policy import Policy, Request, read_policy
from course.sandbox.authorize.principals import Principal
from tests.contract.policy_cases import Case, cases

PACKAGE = "@cloud-copilot/iam-simulate@0.1.173"
SCRIPT = Path(__file__).with_name("iam_simulate.mjs")
SEED, HOW_MANY = 20261127, 1500

pytestmark = [pytest.mark.contract, pytest.mark.slow]


def role_of(case: Case) -> str:
    account = case.principal.split(":")[4]
    return f"arn:aws:iam::{account}:role/worker" if ":assumed-role/" in case.principal else ""


def context_of(case: Case) -> dict[str, Any]:
    return {**case.context, "aws:PrincipalArn": role_of(case) or case.principal}


def policy(name: str, written: dict[str, Any] | None) -> Policy | None:
    return read_policy(name, json.dumps(written)) if written else None


def ours(case: Case) -> str:
    who = Principal(case.principal, case.principal.split(":")[4], role_of(case))
    made = decide(
        Request(who, case.action, case.resource, context(context_of(case))),
        [read_policy("identity", json.dumps(one)) for one in case.identity],
        resource=policy("resource", case.resource_policy),
        boundary=policy("boundary", case.boundary),
        session=policy("session", case.session),
        owner=case.resource.split(":")[4],
    )
    if made.allowed:
        return "Allowed"
    return "ExplicitlyDenied" if made.explicit else "ImplicitlyDenied"


def is_explained(case: Case, mine: str, theirs: str) -> bool:
    """Session policies do not limit what is allowed to the principal ``*``, nor do boundaries.

    So says the IAM user guide (Principal element, IAM role principals, 2023); the other evaluator has
    it of boundaries, and lets session policies limit it.
    """
    statements = (case.resource_policy or {}).get("Statement", [])
    everyone = any(one.get("Principal") in ("*", {"AWS": "*"}) for one in statements)
    alike = (mine, theirs) == ("Allowed", "ImplicitlyDenied")
    return bool(case.session and everyone and alike)


@pytest.fixture(scope="module")
def other(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the other evaluator in it."""
    folder = tmp_path_factory.mktemp("evaluator")
    npm = shutil.which("npm")
    install = [npm or "npm", "install", "--silent", "--no-audit", "--no-fund", PACKAGE]
    done = (
        subprocess.run(install, cwd=folder, capture_output=True, text=True, check=False)
        if npm
        else None
    )
    if done is None or done.returncode:
        pytest.skip(f"{PACKAGE} could not be installed (needs Node.js and a registry of packages)")
    shutil.copy(SCRIPT, folder)
    return folder


def test_both_decide_alike(other: Path) -> None:
    made = cases(SEED, HOW_MANY)
    asked = other / "cases.json"
    asked.write_text(json.dumps([{**one.as_json(), "context": context_of(one)} for one in made]))
    done = subprocess.run(
        ["node", SCRIPT.name, asked.name], cwd=other, capture_output=True, text=True, check=True
    )
    theirs = json.loads(done.stdout)
    differ = [
        f"{one.number}: ours {ours(one)}, theirs {answer}"
        for one, answer in zip(made, theirs, strict=True)
        if ours(one) != answer and not is_explained(one, ours(one), answer)
    ]
    assert not differ, "\n".join(differ)
    # Cases that all end alike would show nothing.
    assert min(Counter(theirs).values()) > HOW_MANY / 10, Counter(theirs)
