"""Requests to a load balancer's name: which task answers, and what is in the way."""

from __future__ import annotations

from typing import Any

import pytest

WEB = "registry.example.com/web"


def test_a_request_through_name_listener_rule_and_target_to_a_program(site: Any) -> None:
    site.service()
    replies = [site.get() for _ in range(4)]
    assert {one.status for one in replies} == {200}
    assert replies[0].body == "Hello from the web app"
    tasks = [one.task for one in replies]
    assert set(tasks) == set(site.lab.arns()) and tasks[:2] == tasks[2:]
    assert replies[0].by == (
        "listener HTTP:80 of front",
        "default rule",
        "target group web",
        f"task {tasks[0][-32:][:8]}",
    )
    assert site.get("nothing").status == 404


def test_what_a_client_sees_before_there_is_anything(lab: Any, site: Any) -> None:
    elb = site.elb
    assert site.get().status == 503 and "target group web" in site.get().why
    other = elb.create_load_balancer(Name="second", Subnets=lab.subnets)["LoadBalancers"][0]
    assert (
        lab.aws.get(other["DNSName"]).why == "could not resolve host: second is still provisioning"
    )
    lab.clock.advance(minutes=3)
    assert lab.aws.get(other["DNSName"]).why.startswith("timed out: no rule of sg-")
    elb.set_security_groups(
        LoadBalancerArn=other["LoadBalancerArn"], SecurityGroups=[site.front_group]
    )
    reply = lab.aws.get(other["DNSName"])
    assert (reply.status, reply.why) == (
        None,
        "connection refused: second has no listener on port 80",
    )


def test_an_internal_load_balancer_is_none_for_the_internet(lab: Any, site: Any) -> None:
    made = site.elb.create_load_balancer(
        Name="inner", Scheme="internal", Subnets=lab.subnets, SecurityGroups=[site.front_group]
    )["LoadBalancers"][0]
    lab.clock.advance(minutes=3)
    assert lab.aws.get(made["DNSName"]).why == "timed out: inner has no public address"


def test_a_target_that_the_balancer_does_not_reach(lab: Any, site: Any) -> None:
    site.service()
    sent = site.traffic(rate=10)
    site.clock.advance(minutes=1)
    lab.ec2.revoke_security_group_ingress(
        GroupId=site.task_group,
        IpPermissions=[
            {
                "IpProtocol": "tcp",
                "FromPort": 8080,
                "ToPort": 8080,
                "UserIdGroupPairs": [{"GroupId": site.front_group}],
            }
        ],
    )
    reply = site.get()
    assert reply.status == 504 and site.task_group in reply.why
    site.clock.advance(5)
    assert sent.by_status == {200: 600, 504: 50}  # before any health check has noticed


def rule(site: Any, priority: int, path: str, *actions: dict[str, Any]) -> None:
    site.elb.create_rule(
        ListenerArn=site.listener,
        Priority=priority,
        Conditions=[{"Field": "path-pattern", "PathPatternConfig": {"Values": [path]}}],
        Actions=list(actions),
    )


def test_rules_decide_by_path(site: Any) -> None:
    fixed = {"StatusCode": "418", "ContentType": "text/plain", "MessageBody": "short and stout"}
    rule(site, 1, "/tea", {"Type": "fixed-response", "FixedResponseConfig": fixed})
    moved = {"StatusCode": "HTTP_301", "Path": "/"}
    rule(site, 2, "/old/*", {"Type": "redirect", "RedirectConfig": moved})
    tea, old = site.get("tea"), site.get("old/page")
    assert (tea.status, tea.body, tea.task) == (418, "short and stout", None)
    assert (old.status, old.body) == (301, site.url)
    assert tea.by == ("listener HTTP:80 of front", "rule 1")
    sent = site.lab.aws.traffic(f"{site.url}tea", rate=1, minutes=1)
    assert sent.by_status == {418: 60} and sent.answered == 60


def forward(**weights: int) -> dict[str, Any]:
    groups = [{"TargetGroupArn": arn, "Weight": weight} for arn, weight in weights.items()]
    return {"Type": "forward", "ForwardConfig": {"TargetGroups": groups}}


def test_weights_share_requests_out_and_an_empty_group_refuses_its_share(site: Any) -> None:
    site.service()
    empty = site.group("empty")
    action = forward(**{site.tg: 3, empty: 1})
    site.elb.modify_listener(ListenerArn=site.listener, DefaultActions=[action])
    sent = site.traffic(rate=10, minutes=10)
    assert sent.by_status == {200: 4500, 503: 1500}
    assert sorted(sent.by_task.values()) == [2250, 2250]
    site.service(1, "green", empty)
    sent = site.traffic(rate=10, minutes=10)
    assert sent.by_status == {200: 6000} and sorted(sent.by_task.values()) == [1500, 2250, 2250]
    site.elb.modify_listener(
        ListenerArn=site.listener, DefaultActions=[forward(**{site.tg: 0, empty: 0})]
    )
    assert (site.get().status, site.get().why) == (503, "every target group has weight 0")


@pytest.mark.parametrize(
    ("twin", "status", "why"),
    [
        ("web-sick", 500, ""),  # nobody is well: the balancer tries them all
        ("web-elsewhere", 502, "connection refused: nothing listens on port 8080"),
        ("web-loopback", 502, "connection refused: nothing listens on port 8080"),
    ],
)
def test_where_no_target_is_healthy_the_balancer_tries_them_all(
    site: Any, twin: str, status: int, why: str
) -> None:
    site.define(f"registry.example.com/{twin}")
    site.service(1, healthCheckGracePeriodSeconds=600)
    reply = site.get()
    assert reply.status == status and why in reply.why
    assert site.traffic(rate=1, minutes=1).by_status == {status: 60}


def test_a_target_that_nobody_is(site: Any) -> None:
    target = {"Id": "10.0.1.77", "Port": 8080}
    site.elb.register_targets(TargetGroupArn=site.tg, Targets=[target])
    assert site.get().status == 503
    site.clock.advance(minutes=1)
    reply = site.get()
    assert (reply.status, reply.why) == (502, "connection refused: nobody has 10.0.1.77:8080")


def test_a_network_load_balancer_speaks_no_http(site: Any) -> None:
    made = site.elb.create_load_balancer(Name="net", Type="network", Subnets=site.lab.subnets)
    front = made["LoadBalancers"][0]
    group = site.group("tcp", protocol="TCP")
    site.listen(group, 8080, balancer=front["LoadBalancerArn"], protocol="TCP")
    site.clock.advance(minutes=3)
    url = f"http://{front['DNSName']}:8080/"
    assert (site.lab.aws.get(url).status, site.lab.aws.get(url).by) == (
        None,
        ("listener TCP:8080 of net", "default rule"),
    )
    open_ = {"IpProtocol": "tcp", "FromPort": 8080, "ToPort": 8080, "CidrIp": "10.0.0.0/16"}
    site.lab.ec2.authorize_security_group_ingress(GroupId=site.task_group, **open_)
    site.service(2, tg=group)
    reply = site.lab.aws.get(url)
    assert reply.status == 200 and reply.task in site.lab.arns()
    sent = site.lab.aws.traffic(url, rate=10)
    site.clock.advance(minutes=1)
    site.lab.update(desiredCount=0)
    site.clock.advance(minutes=1)
    assert sent.stop().by_status == {200: sent.answered, None: sent.refused}


def test_https_needs_a_listener_that_speaks_it(site: Any) -> None:
    reply = site.lab.aws.get(site.url.replace("http", "https"))
    assert reply.status is None and reply.why.startswith("timed out: ")
    reply = site.lab.aws.get(f"{site.url.replace('http', 'https')[:-1]}:80/")
    assert reply.why == "listener HTTP:80 of front speaks no TLS"


def test_a_load_balancer_that_is_deleted(site: Any) -> None:
    site.service()
    sent = site.traffic(rate=25)
    site.clock.advance(minutes=1)
    site.elb.delete_load_balancer(LoadBalancerArn=site.balancer)
    site.clock.advance(minutes=1)
    sent.stop()
    assert (sent.answered + sent.dropped, sent.refused) == (1500, 1500)
    assert sent.dropped == 2


# --- Deregistration and the end of a task


@pytest.mark.parametrize(
    ("image", "delay", "dropped", "why"),
    [
        (WEB, 300, 0, ""),
        (WEB, 5, 0, ""),
        (WEB, 0, 6, "the deregistration delay of 0 s was over"),
        (f"{WEB}-drops", 300, 0, ""),  # by then it has nothing to drop
        (f"{WEB}-deaf", 300, 0, ""),
        (f"{WEB}-drops", 0, 6, "the deregistration delay of 0 s was over"),
    ],
)
def test_a_rolling_update_under_traffic(
    site: Any, image: str, delay: int, dropped: int, why: str
) -> None:
    site.delay(site.tg, delay)
    site.define(image)
    site.service()
    sent = site.traffic(rate=80)
    site.clock.advance(minutes=1)
    site.lab.update(forceNewDeployment=True)
    site.clock.advance(minutes=10)
    sent.stop()
    assert (sent.sent, sent.refused, sent.dropped) == (52_800, 0, dropped)
    assert sent.answered == 52_800 - dropped and len(sent.by_task) == 4
    reasons = {e.why for e in site.lab.aws.timeline.entries if e.text.endswith("dropped")}
    assert reasons == ({why} if why else set())


@pytest.mark.parametrize(("image", "dropped"), [(WEB, 0), (f"{WEB}-drops", 5), (f"{WEB}-deaf", 5)])
def test_a_task_that_nobody_deregisters(site: Any, image: str, dropped: int) -> None:
    """Registered by hand, it is sent requests until health checks find it gone: 502 until then."""
    site.define(image)
    network = site.lab.network(securityGroups=[site.task_group], assignPublicIp="ENABLED")
    arns = site.lab.run(2, networkConfiguration=network)
    site.clock.advance(minutes=1)
    for arn in arns:
        (details,) = (one["details"] for one in site.lab.task(arn)["attachments"])
        (address,) = (one["value"] for one in details if one["name"] == "privateIPv4Address")
        site.elb.register_targets(TargetGroupArn=site.tg, Targets=[{"Id": address, "Port": 8080}])
    site.clock.advance(minutes=1)
    sent = site.traffic(rate=50)
    site.clock.advance(minutes=1)
    site.lab.stop(arns[0])
    site.clock.advance(minutes=2)
    sent.stop()
    assert sent.dropped == dropped and sent.sent == sent.answered + sent.refused + sent.dropped
    assert sent.by_status == {200: sent.answered, 502: sent.refused + dropped}
    assert 100 <= sent.refused <= 500  # half of the requests, until two checks have failed


def test_answers_that_take_longer_than_the_delay_are_cut_off_at_its_end(site: Any) -> None:
    """A second of two: half of what a target was answering when it was let go."""
    site.delay(site.tg, 1)
    site.service()
    sent = site.traffic(rate=120)  # more than the two carry: an answer takes 2 s
    site.clock.advance(minutes=1)
    found = site.elb.describe_target_health(TargetGroupArn=site.tg)["TargetHealthDescriptions"]
    site.elb.deregister_targets(TargetGroupArn=site.tg, Targets=[found[0]["Target"]])
    site.clock.advance(5)
    sent.stop()
    assert sent.dropped == 50
