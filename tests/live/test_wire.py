"""What leaves the process in LIVE, written down by a proxy before the account.

Not what the course says that it sent: what arrived. The account is plain moto behind HTTP.
"""

import http.client
import json
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.live.emulated import ACCOUNT, KEY, ROOT, SECRET, Emulated

pytestmark = pytest.mark.slow


@contextmanager
def recording(account: Emulated) -> Iterator[tuple[str, list[str]]]:
    """A proxy before the account: its address, and the operations that arrived at it."""
    arrived: list[str] = []
    host = urlsplit(account.url).netloc

    class Proxy(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"] or 0))
            target = self.headers.get("X-Amz-Target", "")
            action = parse_qs(body.decode("utf-8", "replace")).get("Action", [""])[0]
            arrived.append(target.rpartition(".")[2] or action or self.path)
            upstream = http.client.HTTPConnection(host)
            upstream.request("POST", self.path, body, dict(self.headers))
            answer = upstream.getresponse()
            content = answer.read()
            self.send_response(answer.status)
            for name, value in answer.getheaders():
                if name.lower() not in ("transfer-encoding", "content-length", "connection"):
                    self.send_header(name, value)
            self.send_header("Content-Length", str(len(content)))
            self.end_headers()
            self.wfile.write(content)
            upstream.close()

        do_GET = do_PUT = do_DELETE = do_POST

        def log_message(self, *args: Any) -> None:
            """Say nothing."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Proxy)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", arrived
    finally:
        server.shutdown()
        server.server_close()


OPENED = """
import sys, boto3
older = boto3.client("ecs", region_name="us-east-1")
from pathlib import Path
from tests.live.living import SAMPLE, open_live
live = open_live(Path(sys.argv[1]), "no", show=lambda shown: None)
ecs, ec2 = boto3.client("ecs"), boto3.client("ec2")
def refused(call):
    try:
        call()
    except Exception as error:
        print(type(error).__name__)
"""
DISALLOWED = """
refused(lambda: boto3.client("iam").create_user(UserName="eve"))
refused(lambda: boto3.client("s3").create_bucket(Bucket="eve"))
refused(lambda: ecs.put_account_setting(name="x", value="y"))
refused(lambda: ecs.create_cluster(clusterName="c", capacityProviders=["FARGATE"]))
refused(lambda: ecs.register_task_definition(**SAMPLE, taskRoleArn="r"))
refused(lambda: ec2.run_instances(ImageId="ami-1", MinCount=1, MaxCount=1))
refused(lambda: ec2.authorize_security_group_ingress(GroupId="sg-1", IpProtocol="tcp", FromPort=22, ToPort=22))
refused(lambda: ecs.delete_cluster(cluster="theirs"))
refused(lambda: older.list_clusters())
refused(lambda: older.delete_cluster(cluster="theirs"))
refused(lambda: boto3.client("ecs", region_name="eu-west-1").list_clusters())
"""


def program(
    account: Emulated, code: str, *words: str, **env: str
) -> subprocess.CompletedProcess[str]:
    line = [sys.executable, "-c", code, *words]
    own = {**account.environ, **env}
    return subprocess.run(line, env=own, capture_output=True, text=True, check=False, cwd=ROOT)


def test_what_is_not_allowed_never_reaches_the_wire(account: Emulated, tmp_path: Path) -> None:
    with recording(account) as (url, arrived):
        code = OPENED + DISALLOWED + "ecs.list_clusters()"
        done = program(account, code, str(tmp_path), AWS_ENDPOINT_URL=url)
    assert done.returncode == 0, done.stderr
    said = done.stdout.split("sandbox: ")[-1].splitlines()
    assert said == ["NotAllowed"] * 7 + ["NotOurs"] + ["NotAllowed"] * 3
    assert arrived == ["GetCallerIdentity", "ListClusters"]


def test_two_kernels_share_one_ledger_and_one_cap(account: Emulated, tmp_path: Path) -> None:
    """Two processes create as fast as they can: together they get no more than one would."""
    code = (
        OPENED
        + """
for number in range(6):
    refused(lambda: print("made") if ecs.create_cluster(clusterName=f"{sys.argv[2]}-{number}") else 0)
"""
    )
    line = [sys.executable, "-c", code, str(tmp_path)]
    pipe: Any = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True, "cwd": ROOT}
    both = [subprocess.Popen([*line, name], env=account.environ, **pipe) for name in ("one", "two")]
    told = [process.communicate() for process in both]
    assert [process.returncode for process in both] == [0, 0], told
    words = [word for out, _ in told for word in out.split("sandbox: ")[-1].split()]
    assert (words.count("made"), words.count("TooMuch")) == (2, 10)
    lines = [json.loads(one) for one in (tmp_path / "live.jsonl").read_text().splitlines()]
    assert sum(one["event"] == "made" for one in lines) == 2  # every line is whole
    own = {"COURSE_DATA_DIR": str(tmp_path)}
    cleaned = account.course("cleanup", "--yes", **own)
    assert cleaned.stdout.splitlines()[-1] == "0 left."
    clusters = account.aws("ecs list-clusters")["clusterArns"]
    active = account.aws("ecs describe-clusters --clusters", *clusters)["clusters"]
    assert [one["clusterName"] for one in active if one["status"] == "ACTIVE"] == []


def test_nothing_that_is_shown_or_kept_holds_a_secret_or_an_account(
    account: Emulated, tmp_path: Path
) -> None:
    """A cell that prints all of it, an error that names an ARN, a traceback, the log, the files."""
    code = (
        OPENED
        + """
import logging, traceback
boto3.set_stream_logger("botocore", logging.DEBUG)
print(boto3.client("sts").get_caller_identity())
cluster = ecs.create_cluster(clusterName="fargate-cluster")
print(cluster, file=sys.stderr)
keys = boto3.Session().get_credentials().get_frozen_credentials()
print(keys.access_key, keys.secret_key)
try:
    ecs.describe_services(cluster=cluster["cluster"]["clusterArn"] + "x", services=["s"])
except Exception:
    traceback.print_exc()
print(live.state())
raise ValueError(cluster["cluster"]["clusterArn"])
"""
    )
    done = program(account, code, str(tmp_path))
    assert done.returncode == 1
    assert "ValueError: arn:aws:ecs:us-east-1:********9012:cluster/fargate-cluster" in done.stderr
    assert "ClusterNotFoundException" in done.stderr
    cleaned = account.course("cleanup", "--yes", COURSE_DATA_DIR=str(tmp_path))
    kept = [path.read_text("utf-8") for path in tmp_path.rglob("*") if path.is_file()]
    assert any('"began"' in text for text in kept)
    for text in (done.stdout, done.stderr, cleaned.stdout, cleaned.stderr, *kept):
        for planted in (ACCOUNT, KEY, SECRET):
            assert planted not in text
