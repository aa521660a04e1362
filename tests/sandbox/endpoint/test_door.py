"""The door: who comes in, and that whatever comes in, an AWS client can read the answer."""

from __future__ import annotations

import socket
from typing import Any

import pytest

from course.sandbox.endpoint import door as door_module

REAL_KEY = "AKIAIOSFODNN7EXAMPLE"  # AWS's own example of one


def test_the_world_is_the_kernels_own(door: Any) -> None:
    assert door.ecs("CreateCluster", {"clusterName": "web"}).status == 200
    arns = door.aws.client("ecs").list_clusters()["clusterArns"]
    assert arns
    assert door.ecs("ListClusters").json == {"clusterArns": arns}
    assert [one.operation for one in door.aws.world.history] == [
        "CreateCluster",
        "ListClusters",
        "ListClusters",
    ]


def test_refusals_are_ecs_own(door: Any) -> None:
    answer = door.ecs("DescribeServices", {"cluster": "nothing", "services": ["web"]})
    assert answer.status == 400
    assert answer.json["__type"] == "ClusterNotFoundException"
    assert door.aws.world.history[-1].error == "ClusterNotFoundException"


@pytest.mark.parametrize("service", ["ec2", "elasticloadbalancing", "iam"])
def test_services_of_the_query_protocol_pass_the_gate_too(door: Any, service: str) -> None:
    asked = {
        "ec2": "DescribeVpcs&Version=2016-11-15",
        "elasticloadbalancing": "DescribeLoadBalancers&Version=2015-12-01",
        "iam": "ListRoles&Version=2010-05-08",
    }[service]
    assert door.form(service, f"Action={asked}").status == 200
    assert door.aws.world.history[-1].operation == asked.partition("&")[0]


def test_s3_passes_the_gate_too(door: Any) -> None:
    s3 = {"Authorization": door.signed("s3")}
    assert door.ask("PUT", "/bucket", **s3).status == 200
    assert door.ask("PUT", "/bucket/key", b"x" * 100_000, **s3).status == 200
    assert door.ask("GET", "/bucket/key", **s3).body == b"x" * 100_000
    operations = [one.operation for one in door.aws.world.history]
    assert operations == ["CreateBucket", "PutObject", "GetObject"]


# --- Who comes in


@pytest.mark.parametrize("host", ["127.0.0.1:{}", "localhost:{}", "LOCALHOST:{}"])
def test_it_answers_by_its_own_names(door: Any, host: str) -> None:
    assert door.ecs("ListClusters", Host=host.format(door.port)).status == 200


@pytest.mark.parametrize(
    "host",
    ["evil.example:{}", "127.0.0.1", "127.0.0.1:1", "127.0.0.1.evil.example:{}", "", "0.0.0.0:{}"],
)
def test_another_name_for_this_host_is_refused(door: Any, host: str) -> None:
    """A page can give its own name the address 127.0.0.1, and would be of the same origin then."""
    answer = door.ecs("CreateCluster", Host=host.format(door.port))
    assert (answer.status, answer.json["__type"]) == (403, "AccessDenied")
    assert not door.aws.world.history


def test_a_name_in_the_request_line_counts_as_the_host(door: Any) -> None:
    answer = door.ask("GET", f"http://evil.example:{door.port}/")
    assert answer.status == 403


@pytest.mark.parametrize("origin", ["https://evil.example", "null", "http://127.0.0.1:8888", ""])
@pytest.mark.parametrize("method", ["POST", "OPTIONS", "GET", "DELETE"])
def test_another_origin_is_refused(door: Any, origin: str, method: str) -> None:
    answer = door.ask(method, "/", b"{}", Origin=origin, Authorization=door.signed("ecs"))
    assert answer.status == 403
    assert not door.aws.world.history


def test_a_picture_on_another_page_is_refused(door: Any) -> None:
    """It is asked for without an Origin; the browser says all the same where it stands."""
    for site in ("cross-site", "same-site"):
        answer = door.ask("GET", "/?Action=DescribeVpcs", Sec_Fetch_Site=site)
        assert answer.status == 403
    assert door.ask("GET", "/", Sec_Fetch_Site="none").status == 200


def test_the_own_origin_is_fine_and_no_other_is_let_in(door: Any) -> None:
    """moto lets every origin read every answer, and S3 whichever a bucket's rules name."""
    answer = door.ecs("ListClusters", Origin=door.endpoint.url)
    assert answer.status == 200
    assert not [name for name in answer.headers if name.lower().startswith("access-control")]


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("POST", "/moto-api/reset"),
        ("GET", "/moto-api/data.json"),
        ("GET", "/moto-api/"),
        ("POST", "//moto-api/reset"),
        ("POST", "/%6doto-api/reset"),
        ("GET", "/favicon.ico"),
        ("GET", "/latest/meta-data/iam/security-credentials/"),
        ("PUT", "/latest/api/token"),
    ],
)
def test_motos_own_pages_are_closed(door: Any, method: str, path: str) -> None:
    door.ecs("CreateCluster", {"clusterName": "kept"})
    there = door.ecs("ListClusters").json
    assert door.ask(method, path).status == 403
    assert door.ecs("ListClusters").json == there


def test_they_are_closed_to_who_names_them_in_a_signature(door: Any) -> None:
    for path in ("/", "/moto-api/reset", "/reset"):
        auth = door.signed("motoapi", region="amazonaws.com:80")
        assert door.ask("POST", path, Authorization=auth).status == 403


def test_another_account_cannot_be_asked_for(door: Any) -> None:
    made = door.ecs("CreateCluster", x_moto_account_id="999999999999").json["cluster"]
    assert made["clusterArn"] == "arn:aws:ecs:us-east-1:123456789012:cluster/default"


# --- What comes in


@pytest.mark.parametrize("body", [b"{nope", b"[]", b'"text"', b"\xff\xfe", b"[" * 100_000, b"null"])
def test_a_body_that_is_no_json_object(door: Any, body: bytes) -> None:
    answer = door.ecs("ListClusters", body)
    assert (answer.status, answer.json["__type"]) == (400, "SerializationException")


@pytest.mark.parametrize("authorization", ["garbage", "AWS4-HMAC-SHA256", "/////", "x y/z"])
def test_a_signature_that_says_nothing(door: Any, authorization: str) -> None:
    answer = door.ecs("ListClusters", Authorization=authorization)
    assert answer.status == 400
    assert answer.json["__type"] in ("IncompleteSignature", "NotImplemented")


def test_ecs_is_not_found_without_a_signature(door: Any) -> None:
    answer = door.ecs("ListClusters", Authorization="")
    assert (answer.status, answer.json["__type"]) == (400, "IncompleteSignature")


def test_services_and_paths_that_nobody_has(door: Any) -> None:
    unknown = door.ask("POST", "/", b"", Authorization=door.signed("nothing"))
    assert (unknown.status, unknown.json["__type"]) == (400, "NotImplemented")
    assert "'nothing'" in unknown.json["message"]
    nowhere = door.ask("GET", "/no/such/path", Authorization=door.signed("eks"))
    assert (nowhere.status, nowhere.json["__type"]) == (400, "NotImplemented")
    in_xml = door.form("nothing", "Action=Nothing")
    assert in_xml.body.startswith(b"<ErrorResponse><Error><Code>NotImplemented</Code>")


def test_what_fails_is_an_answer_and_no_page_of_html(
    door: Any, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def fail(*args: Any) -> Any:
        raise ZeroDivisionError("a secret of the request")

    monkeypatch.setattr(door_module, "_readable", fail)
    answer = door.ecs("ListClusters")
    assert (answer.status, answer.json["__type"]) == (400, "SandboxFailure")
    assert b"secret" not in answer.body and b"Traceback" not in answer.body
    assert "the sandbox failed at a request" in caplog.text


def test_a_body_may_only_be_so_large(door: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door_module, "LARGEST_BODY", 1024)
    assert door.ecs("ListClusters", b"{}" + b" " * 1022).status == 200
    too_large = door.ecs("ListClusters", b"{}" + b" " * 1023)
    assert (too_large.status, too_large.json["__type"]) == (413, "RequestEntityTooLarge")
    in_parts = door.ecs("ListClusters", b" " * 2048, Transfer_Encoding="chunked")
    assert in_parts.status in (400, 413)


def test_a_body_in_chunks_is_read_to_its_end(door: Any) -> None:
    with socket.create_connection(("127.0.0.1", door.port), 30) as raw:
        head = (
            f"PUT /bucket HTTP/1.1\r\nHost: 127.0.0.1:{door.port}\r\n"
            f"Authorization: {door.signed('s3')}\r\nTransfer-Encoding: chunked\r\n\r\n"
        )
        raw.sendall(head.encode() + b"0\r\n\r\n")
        assert raw.recv(12) == b"HTTP/1.1 200"


@pytest.mark.parametrize(
    "raw",
    [
        b"\r\n\r\n",
        b"nonsense\r\n\r\n",
        b"GET / HTTP/9.9\r\n\r\n",
        b"GET / HTTP/1.1\r\nNo colon\r\n\r\n",
    ],
)
def test_what_is_no_http_is_told_so_in_plain_text(door: Any, raw: bytes) -> None:
    with socket.create_connection(("127.0.0.1", door.port), 30) as connection:
        connection.sendall(raw)
        connection.shutdown(socket.SHUT_WR)
        answer = b""
        while part := connection.recv(4096):
            answer += part
    assert b"<html" not in answer.lower() and b"Traceback" not in answer
    assert door.ecs("ListClusters").status == 200, "it still serves"


def test_nothing_of_a_request_is_written_down(
    door: Any, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(0)
    auth = door.signed("ecs", key=REAL_KEY)
    assert door.ecs("CreateCluster", Authorization=auth).status == 200
    assert door.ecs("Nothing", Authorization=auth).status == 400
    assert door.ecs("ListClusters", Authorization=f"Credential={REAL_KEY}").status == 400
    assert door.form("nothing", "Action=Nothing").status == 400
    written = "".join(capfd.readouterr()) + caplog.text + repr(door.aws.world.history)
    assert REAL_KEY not in written
    assert REAL_KEY not in door.course("timeline").body.decode()
    assert capfd.readouterr().out == ""
