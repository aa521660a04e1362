"""Traffic in a world: tasks with a public address, as they start, stop, fail and are restored."""

from __future__ import annotations

from typing import Any

import pytest

from course.sandbox.errors import SandboxError
from course.sandbox.traffic.load import REFUSES

WEB = "registry.example.com/web"


def address(lab: Any, arn: str) -> str:
    """The URL of a task's public address."""
    details = {one["name"]: one["value"] for one in lab.task(arn)["attachments"][0]["details"]}
    (eni,) = lab.ec2.describe_network_interfaces(
        NetworkInterfaceIds=[details["networkInterfaceId"]]
    )["NetworkInterfaces"]
    return f"http://{eni['Association']['PublicIp']}:8080/"


def told(lab: Any) -> list[tuple[str, str]]:
    """What the timeline says of traffic, after its beginning."""
    return [(e.text, e.why) for e in lab.aws.timeline.entries if e.actor == "traffic"][1:]


def test_a_task_with_a_public_address_answers(lab: Any, running: Any) -> None:
    arn = running(lab)
    url = address(lab, arn)
    reply = lab.aws.get(url)
    assert (reply.status, reply.task, reply.body) == (200, arn, "Hello from the web app")
    assert lab.aws.get(f"{url}nothing").status == 404
    assert repr(reply) == f"GET {url}\n  200 OK: Hello from the web app\n  by task {arn[-32:][:8]}"


@pytest.mark.parametrize(
    ("url", "why"),
    [
        ("http://no-such-name.us-east-1.elb.amazonaws.com/", "could not resolve host"),
        ("http://10.0.1.4:8080/", "a private address"),
        ("198.18.0.1", "timed out"),
    ],
)
def test_nobody_is_there(lab: Any, url: str, why: str) -> None:
    reply = lab.aws.get(url)
    assert (reply.status, reply.task) == (None, None) and why in reply.why
    sent = lab.aws.traffic(url, rate=5, minutes=1)
    assert sent.by_status == {None: 300} and sent.refused == 300
    assert [text for text, _ in told(lab)] == [
        "requests are refused",
        "ends: sent 300 = answered 0 + refused 300 + dropped 0",
    ]


def test_a_security_group_is_in_the_way(lab: Any, running: Any) -> None:
    arn = running(lab)
    url = address(lab, arn)
    group = lab.ec2.describe_security_groups(Filters=[{"Name": "group-name", "Values": ["web"]}])
    name = group["SecurityGroups"][0]["GroupId"]
    sent = lab.aws.traffic(url, rate=10)
    lab.clock.advance(minutes=1)
    lab.ec2.revoke_security_group_ingress(
        GroupId=name, IpProtocol="tcp", FromPort=8080, ToPort=8080, CidrIp="0.0.0.0/0"
    )
    reply = lab.aws.get(url)
    assert reply.status is None and reply.why.startswith("timed out: ") and name in reply.why
    lab.clock.advance(minutes=1)
    sent.stop()
    assert (sent.answered, sent.refused, sent.dropped) == (600, 600, 0)


def test_another_port_than_the_security_groups(lab: Any, running: Any) -> None:
    url = address(lab, running(lab)).replace("8080", "80")
    assert lab.aws.get(url).why.startswith("timed out: no rule of sg-")


def test_a_task_on_an_instance_answers_on_the_port_that_docker_gave_it(
    lab: Any, on_internet: Any
) -> None:
    network = on_internet(lab)["awsvpcConfiguration"]
    one = {"NetworkInterfaceId": "", "DeviceIndex": 0, "AssociatePublicIpAddress": True}
    one |= {"SubnetId": lab.subnets[0], "Groups": network["securityGroups"]}
    del one["NetworkInterfaceId"]
    (instance,) = lab.launch(SubnetId=None, NetworkInterfaces=[one])
    ports = [{"containerPort": 8080, "hostPort": 8080}]
    lab.define_ec2(image=WEB, portMappings=ports)
    arn = lab.run_ec2()["tasks"][0]["taskArn"]
    lab.clock.advance(minutes=1)
    found = lab.ec2.describe_instances(InstanceIds=[instance])["Reservations"][0]["Instances"][0]
    reply = lab.aws.get(f"http://{found['PublicIpAddress']}:8080/")
    assert (reply.status, reply.task) == (200, arn)


@pytest.mark.parametrize("url", ["", "ftp://x/", "http://:80/", "http://x:port/"])
def test_no_url_is_refused(lab: Any, url: str) -> None:
    with pytest.raises(SandboxError, match="is no address to send requests to"):
        lab.aws.get(url)


@pytest.mark.parametrize(
    ("twin", "why"), [("web-elsewhere", "port 8080"), ("web-loopback", "port 8080")]
)
def test_a_program_that_listens_for_others(lab: Any, twin: str, why: str, running: Any) -> None:
    reply = lab.aws.get(address(lab, running(lab, f"registry.example.com/{twin}")))
    assert reply.status is None and reply.why.startswith("connection refused: ")
    assert why in reply.why


def test_some_minutes_of_traffic(lab: Any, running: Any) -> None:
    arn = running(lab)
    before = lab.aws.now()
    sent = lab.aws.traffic(address(lab, arn), rate=25, minutes=10)
    assert (lab.aws.now() - before).total_seconds() == 601
    assert (sent.sent, sent.answered, sent.refused, sent.dropped) == (15_000, 15_000, 0, 0)
    assert sent.by_status == {200: 15_000} and sent.by_task == {arn[-32:]: 15_000}
    assert sent.latency == pytest.approx(0.2)  # 25 of the 50 a quarter vCPU carries
    assert [one.sent for one in sent.minutes] == [1500] * 10 + [0]  # the last answers
    assert told(lab) == [("ends: sent 15,000 = answered 15,000 + refused 0 + dropped 0", "")]


def test_traffic_that_is_stopped(lab: Any, running: Any) -> None:
    sent = lab.aws.traffic(address(lab, running(lab)), rate=25)
    lab.clock.advance(minutes=1)
    assert sent.sent == 1500 and sent.under_way == 5
    assert sent.stop().answered == 1500
    lab.clock.advance(minutes=1)
    assert sent.sent == 1500
    assert repr(sent.stop()).splitlines() == [
        f"25 requests/s to {sent._load.address}, for 1 min, stopped",
        "  sent           1,500",
        "  answered       1,500  200",
        "  refused            0",
        "  dropped            0",
        "  latency  0.20 s on average, 0.20 s at most",
        f"  by task  {next(iter(sent.by_task))[:8]} 1,500",
    ]


def test_a_program_is_answered_from_the_second_it_listens(lab: Any, running: Any) -> None:
    arn = running(lab, "registry.example.com/web-slow")
    began = lab.held_tasks()[0].containers[0].began
    up_already = (lab.aws.now() - began).total_seconds()
    sent = lab.aws.traffic(address(lab, arn), rate=10, minutes=3)
    assert sent.refused == (90 - up_already) * 10
    assert sent.answered == 1800 - sent.refused
    assert [text for text, _ in told(lab)][:2] == [
        "requests are refused",
        "requests are answered again",
    ]


@pytest.mark.parametrize(
    ("image", "dropped", "why"),
    [
        (WEB, 0, ""),
        (f"{WEB}-drops", 5, "container app exited with 143"),
        (f"{WEB}-deaf", 5, "container app exited with 137"),
    ],
)
def test_how_a_program_takes_sigterm(
    lab: Any, image: str, dropped: int, why: str, running: Any
) -> None:
    arn = running(lab, image)
    sent = lab.aws.traffic(address(lab, arn), rate=25)
    lab.clock.advance(30)
    lab.stop(arn)
    lab.clock.advance(minutes=2)
    sent.stop()
    assert sent.dropped == dropped
    assert sent.sent == sent.answered + sent.refused + sent.dropped
    assert [one for one in told(lab) if one[0].endswith("dropped")] == (
        [(f"{dropped} requests dropped", why)] if dropped else []
    )
    assert ("requests are refused", REFUSES) in told(lab) or not dropped


def test_out_of_memory_cuts_answers_off(lab: Any, running: Any) -> None:
    arn = running(lab, f"{WEB}-leaks")
    sent = lab.aws.traffic(address(lab, arn), rate=25, minutes=12)
    assert (sent.dropped, sent.by_status[None]) == (5, sent.refused + 5)
    assert ("5 requests dropped", "container app exited with 137") in told(lab)


def test_a_snapshot_keeps_traffic_and_forgets_what_came_after(lab: Any, running: Any) -> None:
    url = address(lab, running(lab))
    before = lab.aws.snapshot()
    sent = lab.aws.traffic(url, rate=10)
    lab.clock.advance(minutes=1)
    during = lab.aws.snapshot()
    lab.clock.advance(minutes=1)
    assert sent.sent == 1200
    during.restore()
    assert sent.sent == 600
    lab.clock.advance(minutes=3)
    assert sent.sent == 2400
    before.restore()
    with pytest.raises(SandboxError, match="Begin it again"):
        _ = sent.sent
    lab.aws.traffic(url, rate=10)
    with pytest.raises(SandboxError, match="Begin it again"):
        sent.stop()


def test_the_same_seed_is_the_same_ledger(make_lab: Any, running: Any) -> None:
    shown = []
    for _ in range(2):
        lab = make_lab()
        sent = lab.aws.traffic(address(lab, running(lab)), rate=7.3, minutes=20)
        shown.append(repr(sent))
        lab.aws.close()
    assert shown[0] == shown[1]


def test_how_often_one_looks_changes_nothing(make_lab: Any, running: Any) -> None:
    shown = []
    for steps in ([600], [1] * 60 + [7.5] * 72):
        lab = make_lab()
        sent = lab.aws.traffic(address(lab, running(lab)), rate=7.3)
        for seconds in steps:
            lab.clock.advance(seconds)
        shown.append(repr(sent.stop()))
        lab.aws.close()
    assert shown[0] == shown[1]
