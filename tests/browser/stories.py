"""How a learner takes each lesson: what is typed where, and what must then be said."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

NOTEBOOKS = Path(__file__).resolve().parents[2] / "notebooks"


@dataclass(frozen=True)
class Story:
    """How a learner takes one lesson: what is typed into which cell, and what must then be said.

    *missed* is the question that is answered wrongly, *failed* the cells that end
    with an error on purpose, *pictures* the cells to look at. *edits* names files that
    are repaired in JupyterLab's editor before a cell is run.
    """

    notebook: str
    blanks: Mapping[str, tuple[str, ...]]
    calls: Mapping[str, str]
    reason: str
    missed: str
    failed: tuple[str, ...]
    says: Mapping[str, str]
    pictures: tuple[str, ...]
    edits: Mapping[str, tuple[str, str]] = field(default_factory=dict)

    @property
    def cells(self) -> list[dict[str, Any]]:
        cells: list[dict[str, Any]] = json.loads((NOTEBOOKS / self.notebook).read_text("utf-8"))[
            "cells"
        ]
        return cells


BUILD = """\
size = {"cpu": "256", "memory": "512"}
fargate = {"networkMode": "awsvpc", "requiresCompatibilities": ["FARGATE"]}
ecs.register_task_definition(family="shop", **fargate, **size, containerDefinitions=[web])
place = {"awsvpcConfiguration": {"subnets": subnets[:3], "assignPublicIp": "ENABLED"}}
what = {"taskDefinition": "shop", "desiredCount": 2, "launchType": "FARGATE"}
shop = {"cluster": "practice", "serviceName": "shop", "networkConfiguration": place}
ecs.create_service(**shop, **what)
ecs.get_waiter("services_stable").wait(cluster="practice", services=["shop"])
"""
REPAIR = """\
stopped = ecs.list_tasks(cluster="kitchen", desiredStatus="STOPPED")["taskArns"]
print(ecs.describe_tasks(cluster="kitchen", tasks=stopped)["tasks"][0]["stoppedReason"][-20:])
print([one["imageTags"] for one in ecr.describe_images(repositoryName="menu")["imageDetails"]])
menu = ecs.describe_task_definition(taskDefinition="menu")["taskDefinition"]
menu["containerDefinitions"][0]["image"] += "-rc1"
keep = ["family", "networkMode", "cpu", "memory", "executionRoleArn", "containerDefinitions"]
ecs.register_task_definition(**{one: menu[one] for one in keep})
ecs.update_service(cluster="kitchen", service="menu", taskDefinition="menu")
ecs.get_waiter("services_stable").wait(cluster="kitchen", services=["menu"])
"""
FARGATE = Story(
    notebook="05-fargate-tutorial.ipynb",
    blanks={"complete": ("80", '"FARGATE"', '"awsvpc"', '"512"')},
    calls={"build-here": BUILD, "repair-here": REPAIR},
    reason="Because the service still desires two of them.",
    missed="fargate-clusters-001",
    failed=("definition-wrong",),
    says={
        "definition-wrong": "No Fargate configuration exists for given values",
        "complete": "fargate-definition-101: 3 of 3 met",
        "service": "As predicted.",
        "stop": "As predicted.",
        "futures": "As predicted.",
        "build-here": "fargate-service-101: 5 of 5 met",
        "look": "PRIMARY menu:2  IN_PROGRESS 0 running, 2 failed",
        "repair-here": "fargate-image-101: 3 of 3 met",
        "clean": "cluster: INACTIVE",
        "finish": "7 of 8 right.",
    },
    pictures=(
        *("predict-service", "picture", "order", "stop", "life", "explain", "scale", "futures"),
        *("rolled", "look", "complete", "build-here", "repair-here", "exam", "points", "console"),
    ),
)

DIARY = """\
busy = {"image": f"{gallery}/busybox:latest", "command": ["sleep", "3600"]}
mount = {"sourceVolume": "pages"}
writer = {**busy, "name": "writer", "mountPoints": [{**mount, "containerPath": "/notes"}]}
reader = {**busy, "name": "reader", "mountPoints": [{**mount, "containerPath": "/shelf"}]}
more = {"volumes": [{"name": "pages"}], "ephemeralStorage": {"sizeInGiB": 40}}
what = {**fargate, **size, **more, "containerDefinitions": [writer, reader]}
ecs.register_task_definition(family="diary", **what)
desk = {"cluster": "desk", "launchType": "FARGATE", "networkConfiguration": place}
diary = ecs.run_task(taskDefinition="diary", **desk)["tasks"][0]["taskArn"]
ecs.get_waiter("tasks_running").wait(cluster="desk", tasks=[diary])
"""
CATALOG = """\
stopped = ecs.list_tasks(cluster="library", desiredStatus="STOPPED")["taskArns"]
(ended,) = ecs.describe_tasks(cluster="library", tasks=stopped)["tasks"]
print(ended["stoppedReason"], [(one["name"], one["exitCode"]) for one in ended["containers"]])
definition = ecs.describe_task_definition(taskDefinition="catalog")["taskDefinition"]
definition["containerDefinitions"][1]["essential"] = False
keep = ["family", "networkMode", "cpu", "memory", "volumes", "containerDefinitions"]
ecs.register_task_definition(**{one: definition[one] for one in keep})
ecs.update_service(cluster="library", service="catalog", taskDefinition="catalog")
lesson.clock.advance(minutes=2)
"""
CONCEPTS = Story(
    notebook="04-ecs-concepts.ipynb",
    blanks={
        "complete": ('"kiosk"', "3", '"FARGATE"'),
        "card": ('"A task runs once, a service keeps a number of them."',),
    },
    calls={"build-here": DIARY, "repair-here": CATALOG},
    reason="Because the interface, and with it the address, went with the old task.",
    missed="ecs-cost-001",
    failed=("empty",),
    says={
        "definition": "As predicted.",
        "stop": "As predicted.",
        "complete": "ecs-service-101: 3 of 3 met",
        "interface": "As predicted.",
        "card": "Kept; you have 1 card, and it comes back in warm-ups.",
        "empty": "No Container Instances were found in your cluster.",
        "agent": "agentConnected    True",
        "storage": "ephemeral storage: 20 GiB",
        "build-here": "ecs-volume-101: 4 of 4 met",
        "repair-here": "ecs-essential-101: 3 of 3 met",
        "clean": "cluster: INACTIVE",
        "finish": "24 of 25 right.",
    },
    pictures=(
        *("title", "predict-definition", "definitions", "run", "service", "complete", "services"),
        *("interface", "network", "explain", "order", "card", "empty", "agent", "instances"),
        *("storage-why", "storage", "build-here", "repair", "repair-here", "cost", "exam"),
        *("closing", "sources"),
    ),
)

THE_OTHER_FILES = """\
kitchen = Path("kitchen")
(kitchen / "app_production.py").unlink()
pinned = "flask==3.1.3\\nwerkzeug==3.1.9\\npython-dateutil==2.9.0.post0\\n"
done = (kitchen / "requirements.txt").write_text(pinned)
done = (kitchen / "Procfile").write_text("web: python app.py\\nmigrate: python migrate.py\\n")
done = (kitchen / "migrate.py").write_text("import app\\n\\napp.create_table()\\n")
"""
FACTORS = Story(
    notebook="02-twelve-factor.ipynb",
    blanks={"places": ("8000", '"8000"', '"awslogs"', "role")},
    calls={"repair-here": THE_OTHER_FILES},
    reason="Because it may end at any time, and the next request meets another.",
    missed="factors-processes-001",
    failed=("wrong",),
    says={
        "web": "{'kitchen': 'Station', 'orders': []}",
        "kill": "the request under way got: None",
        "drain": "the request under way got: Answer(status=200",
        "wrong": "you must also specify a value for 'executionRoleArn'",
        "places": "factors-definition-101: 3 of 3 met",
        "twin": "0 of 12 factors hold",
        "repair-here": "factors-repair-101: 12 of 12 met",
        "clean": "kitchen is there: False",
        "finish": "11 of 12 right.",
    },
    pictures=(
        *("title", "files", "words", "order", "honest", "web", "running", "predict-kill", "kill"),
        *("explain", "drain", "wrong", "places", "board", "board-admin", "twin", "repair-here-why"),
        *("repair-here", "attached", "critique", "exam", "closing", "sources", "finish"),
    ),
    edits={"repair-here": ("kitchen", "app.py")},
)

LIFECYCLE = """\
dev = {"tagStatus": "tagged", "tagPatternList": ["dev-*"], "countNumber": 3}
bare = {**old, "countNumber": 1}
rules = [
{**rule, "selection": {**dev, "countType": "imageCountMoreThan"}},
{**rule, "rulePriority": 2, "selection": bare}]
text = json.dumps({"rules": rules})
ecr.put_lifecycle_policy(repositoryName="builds", lifecyclePolicyText=text)
lesson.clock.advance(days=2)
"""
RELEASE = """\
stopped = ecs.list_tasks(cluster="shop", desiredStatus="STOPPED")["taskArns"]
print(ecs.describe_tasks(cluster="shop", tasks=stopped)["tasks"][-1]["stoppedReason"][-30:])
shop = ecs.describe_task_definition(taskDefinition="shop")["taskDefinition"]
image = shop["containerDefinitions"][0]
image["image"] = image["image"].replace("release-1", "release-2")
keep = ["family", "networkMode", "cpu", "memory", "executionRoleArn", "containerDefinitions"]
ecs.register_task_definition(**{one: shop[one] for one in keep})
ecs.update_service(cluster="shop", service="shop", taskDefinition="shop")
builds = {**dev, "tagPatternList": ["build-*"], "countType": "imageCountMoreThan"}
text = json.dumps({"rules": [{**rule, "selection": builds}]})
ecr.put_lifecycle_policy(repositoryName="shop", lifecyclePolicyText=text)
ecs.get_waiter("services_stable").wait(cluster="shop", services=["shop"])
"""
CONTAINERS = Story(
    notebook="01-containers-in-brief.ipynb",
    blanks={"complete": ('"IMMUTABLE"', "True")},
    calls={"build-here": LIFECYCLE, "repair-here": RELEASE},
    reason="Because pip install stands above the change.",
    missed="ecr-tags-001",
    failed=("refused", "immutable"),
    says={
        "cache": "As predicted.",
        "change": "As predicted.",
        "stop": "As predicted.",
        "refused": "LayersNotFoundException",
        "tag": "As predicted.",
        "immutable": "cannot be overwritten because the tag is immutable",
        "complete": "ecr-repository-101: 2 of 2 met",
        "build-here": "ecr-lifecycle-101: 4 of 4 met",
        "repair-here": "ecr-pull-101: 3 of 3 met",
        "clean": "cluster: INACTIVE",
        "finish": "9 of 10 right.",
    },
    pictures=(
        *("dockerfile", "layers", "cache", "order", "explain", "scan", "complete", "build"),
        *("exam", "apart", "container-why", "codes", "closing", "predict-signal"),
    ),
)

GALLERY = """\
small = {**web, "memory": 256}
ecs.register_task_definition(family="gallery", **bridge, containerDefinitions=[small])
gallery = {"cluster": "studio", "serviceName": "gallery", "taskDefinition": "gallery"}
ecs.create_service(**gallery, launchType="EC2", desiredCount=4)
ecs.get_waiter("services_stable").wait(cluster="studio", services=["gallery"])
"""
TILL = """\
named = {"Name": "tag:Name", "Values": ["till"]}
old = ec2.describe_instances(Filters=[named])["Reservations"][0]["Instances"][0]["InstanceId"]
kept = ec2.describe_instance_attribute(InstanceId=old, Attribute="userData")["UserData"]
print(base64.b64decode(kept["Value"]).decode())
right = like["UserData"].replace("yard", "market")
ec2.run_instances(**{**like, "UserData": right}, SubnetId=subnets[0])
ec2.terminate_instances(InstanceIds=[old])
ecs.get_waiter("services_stable").wait(cluster="market", services=["till"])
"""
INSTANCES = Story(
    notebook="06-ec2-tutorial.ipynb",
    blanks={"complete": ("256", "0", '"EC2"', '"bridge"')},
    calls={"build-here": GALLERY, "repair-here": TILL},
    reason="Because the others ran before the old two were stopped.",
    missed="ec2-placement-001",
    failed=("both-wrong",),
    says={
        "launch": "minute 2 container instances: 1",
        "left": "MEMORY     1993",
        "port": "As predicted.",
        "event": "is already using a port required by your task.",
        "mend": "host port 32769 leads to 80",
        "complete": "ec2-definition-101: 4 of 4 met",
        "futures": "As predicted.",
        "drain": "As predicted.",
        "build-here": "ec2-service-101: 4 of 4 met",
        "capacity": "As predicted.",
        "arrive": "CapacityProviderReservation 200",
        "repair": "No Container Instances were found in your cluster.",
        "repair-here": "ec2-cluster-101: 3 of 3 met",
        "both-wrong": "Assign public IP is not supported for this launch type.",
        "cost": "151.92   84.94          4",
        "clean-clusters": "fleet INACTIVE",
        "finish": "6 of 7 right.",
    },
    pictures=(
        *("title", "left", "predict-port", "port", "event", "mend", "complete", "futures"),
        *("apart-why", "drain", "explain", "build", "build-here", "capacity", "arrive", "order"),
        *("repair", "repair-here", "both-wrong", "both", "compare", "duties", "cost-why", "cost"),
        *("exam", "closing", "limits", "sources", "finish"),
    ),
)

HARDENED = """\
labels = ecs.describe_task_definition(taskDefinition="labels")["taskDefinition"]
printer = vault.describe_secret(SecretId="pharmacy/printer")["ARN"] + ":password::"
app = {**labels["containerDefinitions"][0], "user": "1000:1000", "environment": []}
app["secrets"] = [{"name": "PRINTER_PASSWORD", "valueFrom": printer}]
app |= {"readonlyRootFilesystem": True}
app["mountPoints"] = [{"sourceVolume": "tmp", "containerPath": "/tmp", "readOnly": False}]
keep = ["family", "requiresCompatibilities", "networkMode", "cpu", "memory", "executionRoleArn"]
keep = {one: labels[one] for one in keep}
more = {"containerDefinitions": [app], "volumes": [{"name": "tmp"}]}
ecs.register_task_definition(**keep, **more)
ecs.run_task(**{**run, "cluster": "pharmacy", "taskDefinition": "labels"})
lesson.clock.advance(minutes=1)
"""
LEAST = """\
journal = ecs.describe_services(cluster="press", services=["journal"])["services"][0]
newest = ecs.describe_task_definition(taskDefinition="journal")["taskDefinition"]
family = newest["taskDefinitionArn"].rpartition(":")[0] + ":*"
mine = [{"Action": "ecs:UpdateService", "Resource": journal["serviceArn"]}]
mine += [{"Action": "ecs:DescribeServices", "Resource": journal["serviceArn"]}]
mine += [{"Action": "ecs:RegisterTaskDefinition", "Resource": family}]
mine += [{"Action": "ecs:DescribeTaskDefinition", "Resource": "*"}]
given = {"Action": "iam:PassRole", "Resource": newest["executionRoleArn"]}
mine += [{**given, "Condition": hand_over["Condition"]}]
allowed = [{"Effect": "Allow", **one} for one in mine]
less = json.dumps({"Version": "2012-10-17", "Statement": allowed})
iam.put_user_policy(UserName="deployer", PolicyName="deploy", PolicyDocument=less)
"""
IDENTITY = Story(
    notebook="07-security-and-iam.ipynb",
    blanks={
        "complete": ('"ecs:RunTask"', '"iam:PassRole"', '"ecs-tasks.amazonaws.com"'),
        "secret": ('"secretsmanager:GetSecretValue"', "secret", '"intake-execution"'),
    },
    calls={"harden-here": HARDENED, "least-here": LEAST},
    reason="Because ECS needs other rights than the program.",
    missed="sec-secrets-001",
    failed=("denied",),
    says={
        "trainee": "user/trainee",
        "denied": "no identity-based policy allows the ecs:RunTask action",
        "pass": "As predicted.",
        "complete": "iam-policy-101: 3 of 3 met",
        "decide": "ec2.amazonaws.com implicitDeny",
        "trust": "As predicted.",
        "pull": "ecr:GetAuthorizationToken",
        "managed": "As predicted.",
        "secret": "iam-secret-101: 3 of 3 met",
        "program": "('mail', 77)",
        "runs": "RUNNING",
        "rotate": "As predicted.",
        "harden-here": "sec-harden-101: 4 of 4 met",
        "least-here": "iam-least-101: 4 of 4 met",
        "clean": "users: 0",
        "finish": "13 of 14 right.",
    },
    pictures=(
        *("title", "roles", "roles-ask", "clinic", "denied", "pass-predict", "pass", "complete"),
        *("decide", "trust", "pull", "managed", "secret", "program", "map", "order", "explain"),
        *("rotate-why", "rotate", "harden-why", "harden", "harden-here", "duties", "duties-ask"),
        *(
            "least",
            "compare",
            "least-here",
            "exam",
            "evidence",
            "closing",
            "limits",
            "sources",
            "finish",
        ),
    ),
)

PACKED = """\
(packer,) = ecs.describe_services(cluster="depot", services=["packer"])["services"]
print(packer["runningCount"], packer["events"][0]["message"])
dead = ecs.list_tasks(cluster="depot", desiredStatus="STOPPED")["taskArns"]
last = ecs.describe_tasks(cluster="depot", tasks=dead)["tasks"][2]
print(last["stoppedReason"], last["containers"][0]["exitCode"])
stream = "packer/app/" + last["taskArn"].rpartition("/")[2]
lines = logs.get_log_events(logGroupName="/ecs/packer", logStreamName=stream)["events"]
print(lines[-1]["message"])
by = {"AttributeKey": "EventName", "AttributeValue": "PutRolePolicy"}
(latest, *_) = trail.lookup_events(LookupAttributes=[by])["Events"]
print("changed by", latest["Username"])
held = {"RoleName": "packer-task", "PolicyName": "queue"}
policy = iam.get_role_policy(**held)["PolicyDocument"]
policy["Statement"][0]["Action"] += ["sqs:ReceiveMessage"]
iam.put_role_policy(**held, PolicyDocument=json.dumps(policy))
ecs.update_service(cluster="depot", service="packer", forceNewDeployment=True)
lesson.clock.advance(minutes=3)
"""
WATCHED = Story(
    notebook="08-logging-and-monitoring.ipynb",
    blanks={
        "alert-here": (
            '"STOPPED"',
            '"EssentialContainerExited"',
            '"ECS Task State Change"',
            "crashed",
        ),
        "card": ('"Its policy does not let EventBridge in."',),
    },
    calls={"incident-here": PACKED},
    reason="Because ECS forgets a stopped task after an hour.",
    missed="logs-alert-001",
    failed=(),
    says={
        "task": "UserInitiated | drill",
        "stream": "SIGTERM: finishing what was begun",
        "history": "As predicted.",
        "traffic": "7,200",
        "patterns": "As predicted.",
        "query": "'path': '/trailer', 'status': '404', 'lines': '1', 'counted': '120'",
        "insights": "enhanced",
        "traces": "/trailer 404 True",
        "deliver": "As predicted.",
        "let-in": "STOPPED EssentialContainerExited",
        "alert-here": "logs-alert-101: 5 of 5 met",
        "alert-read": "[('app', 3), ('collector', 0)]",
        "incident-here": "logs-incident-101: 3 of 3 met",
        "clean": "log groups: 0",
        "finish": "10 of 11 right.",
    },
    pictures=(
        *("title", "open", "sources-table", "sources-ask", "cinema", "stop", "history", "timeline"),
        *("traffic", "fail", "patterns-why", "patterns", "query", "insights-why", "metrics-ask"),
        *(
            "traces",
            "rule",
            "deliver",
            "let-in",
            "alert-why",
            "alert-here",
            "alert-read",
            "explain",
        ),
        *("order", "incident", "incident-here-why", "incident-here", "exam", "closing", "limits"),
        *("sources", "finish"),
    ),
)

BALANCED = """\
museum = elb.describe_load_balancers(Names=["museum"])["LoadBalancers"][0]["LoadBalancerArn"]
entry = elb.describe_listeners(LoadBalancerArn=museum)["Listeners"][0]["ListenerArn"]
made = elb.create_target_group(Name="tickets", **group, **quick)["TargetGroups"][0]
tickets = made["TargetGroupArn"]
both = {"Values": ["/tickets", "/tickets/*"]}
paths = [{"Field": "path-pattern", "PathPatternConfig": both}]
leads = [{"Type": "forward", "TargetGroupArn": tickets}]
elb.create_rule(ListenerArn=entry, Priority=5, Conditions=paths, Actions=leads)
halls = ecs.describe_services(cluster="museum", services=["halls"])["services"][0]
alike = {"networkConfiguration": halls["networkConfiguration"], "launchType": "FARGATE"}
new = {"cluster": "museum", "serviceName": "tickets", "taskDefinition": "tickets"}
new["loadBalancers"] = [app | {"targetGroupArn": tickets}]
ecs.create_service(**new, **alike, desiredCount=2)
elb.get_waiter("target_in_service").wait(TargetGroupArn=tickets)
"""
REACHED = """\
allowed = {**inner, "UserIdGroupPairs": [{"GroupId": station["SecurityGroups"][0]}]}
ec2.authorize_security_group_ingress(GroupId=tasks["GroupId"], IpPermissions=[allowed])
lesson.clock.advance(minutes=1)
print(lesson.get("http://" + station["DNSName"]))
"""
BALANCING = Story(
    notebook="09-load-balancing.ipynb",
    blanks={"complete": ('"ip"', '"/health"', "10", "2")},
    calls={"build-here": BALANCED, "repair-here": REACHED},
    reason="Because the old tasks were still there when the new ones were healthy.",
    missed="load-health-001",
    failed=("error",),
    says={
        "balancer": "connection refused: plaza has no listener on port 80",
        "error": "does not have an associated load balancer.",
        "early": "As predicted.",
        "targets": "8080 healthy",
        "complete": "load-groups-101: 3 of 3 met",
        "launch": "container instances: 1",
        "rule": "10 ['/shop*'] to shop",
        "shop": "our instance: True port 32769",
        "case": "As predicted.",
        "build-here": "load-rules-101: 4 of 4 met",
        "loop": "As predicted.",
        "delay": "As predicted.",
        "timeline": "unhealthy -> healthy in site",
        "trace": "unhealthy Target.Timeout",
        "repair-here": "load-reach-101: 3 of 3 met",
        "clean": "INACTIVE",
        "finish": "10 of 11 right.",
    },
    pictures=(
        *("title", "types", "types-ask", "balancer", "error", "listener", "early", "targets"),
        *("complete", "launch", "rule", "shop", "case", "route", "build", "build-here", "slow"),
        *("loop", "predict-delay", "delay", "timeline", "stop-order", "explain", "repair-why"),
        *("repair", "trace", "repair-here", "exam", "closing", "limits", "sources", "finish"),
    ),
)

PLACED = """\
template = {"LaunchTemplateName": "harbour"}
ec2.run_instances(LaunchTemplate=template, MinCount=2, MaxCount=2)
full = {"serviceName": "catalogue", "taskDefinition": "catalogue-ec2", "desiredCount": 6}
ecs.create_service(cluster="harbour", launchType="EC2", **full)
one = {"serviceName": "kiosk", "taskDefinition": "kiosk-fargate", "desiredCount": 1}
ecs.create_service(cluster="harbour", launchType="FARGATE", networkConfiguration=place, **one)
ecs.get_waiter("services_stable").wait(cluster="harbour", services=["catalogue", "kiosk"])
"""
CHOSEN = Story(
    notebook="13-use-cases.ipynb",
    blanks={"spot": ("2", "0", '"FARGATE_SPOT"', "1")},
    calls={"build-here": PLACED},
    reason="Because nobody patches, and the report is too long for a function.",
    missed="use-exam-001",
    failed=(),
    says={
        "large": "As predicted.",
        "load": "EC2 costs less the first time at more than 360 requests a second",
        "memory": "As predicted.",
        "price": "the first time: 8",
        "spot": "use-spot-101: 4 of 4 met",
        "build-here": "use-cost-101: 4 of 4 met",
        "clean": "clusters: 0",
        "finish": "right.",
    },
    pictures=(
        *("title", "cues-why", "cards-first", "newest-why", "order", "cost", "predict-large"),
        *("large", "load", "memory", "price", "spot", "build", "build-here", "decide-why"),
        *("decide", "exam", "closing", "limits", "sources", "finish"),
    ),
)

LET_IN = """\
asked = {"AttributeNames": ["Policy"]}
web = sqs.get_queue_url(QueueName="web-shop")["QueueUrl"]
found = sqs.get_queue_attributes(QueueUrl=web, **asked)["Attributes"]["Policy"]
print(json.loads(found)["Statement"][0]["Condition"]["ArnEquals"]["aws:SourceArn"][-11:])
prices = topic.replace("orders", "prices")
mended = found.replace("prices-2025", "prices")
sqs.set_queue_attributes(QueueUrl=web, Attributes={"Policy": mended})
sns.publish(TopicArn=prices, Message="tea 5")
"""
FRONT = """\
(till,) = elb.describe_load_balancers(Names=["till"])["LoadBalancers"]
heard = elb.describe_listeners(LoadBalancerArn=till["LoadBalancerArn"])["Listeners"][0]
(way,) = [one for one in api.get_vpc_links()["Items"] if one["Name"] == "till"]
ours = api.create_api(Name="till", ProtocolType="HTTP")
to = {"ConnectionId": way["VpcLinkId"], "IntegrationUri": heard["ListenerArn"]}
made = api.create_integration(ApiId=ours["ApiId"], **private, **to)
leads = {"RouteKey": "$default", "Target": "integrations/" + made["IntegrationId"]}
api.create_route(ApiId=ours["ApiId"], **leads)
api.create_stage(ApiId=ours["ApiId"], StageName="$default", AutoDeploy=True)
print(lesson.get(ours["ApiEndpoint"] + "/any/path").status)
"""
PATTERNS = Story(
    notebook="03-microservice-patterns.ipynb",
    blanks={
        "complete": (
            '"600"',
            '"1209600"',
            'json.dumps({"deadLetterTargetArn": lost, "maxReceiveCount": 3})',
        )
    },
    calls={"build-here": FRONT, "repair-here": LET_IN},
    reason="Because with an API only the caller had the order.",
    missed="patterns-decouple-001",
    failed=("expired",),
    says={
        "deploy": "200 OK: an answer",
        "link": "PENDING",
        "front": "by API shop, stage $default, route $default, VPC link shop",
        "build-here": "patterns-gateway-101: 4 of 4 met",
        "api": "503 Service Unavailable",
        "wait": "As predicted.",
        "again": "As predicted.",
        "complete": "patterns-queue-101: 3 of 3 met",
        "expired": "further in the future than the tolerated delay of 300000 milliseconds.",
        "resume": "read: jam milk salt",
        "replay": "As predicted.",
        "repair-here": "patterns-delivery-101: 4 of 4 met",
        "clean": "gone: the shop, its topic, queues and stream",
        "finish": "right.",
    },
    pictures=(
        *("title", "before", "abstract", "abstract-ask", "map", "function", "balanced", "deploy"),
        *(
            "zoom",
            "gateway",
            "link",
            "front",
            "build",
            "build-here",
            "api",
            "topic",
            "subscribe",
            "wait",
            "receive",
            "again",
            "complete",
        ),
        *("order", "stream", "expired", "resume", "replay", "compare", "explain", "choose"),
        *("repair", "repair-here", "digest", "exam", "ties", "closing", "limits", "sources"),
        "finish",
    ),
)

FERRY = """\
named = {"Name": "group-name", "Values": ["harbour-tasks"]}
(group,) = ec2.describe_security_groups(Filters=[named])["SecurityGroups"]
(targets,) = elb.describe_target_groups(Names=["harbour"])["TargetGroups"]
place = {"subnets": subnets, "securityGroups": [group["GroupId"]], "assignPublicIp": "ENABLED"}
app = {"targetGroupArn": targets["TargetGroupArn"], "containerName": "app", "containerPort": 8080}
ferry = {"cluster": "harbour", "serviceName": "ferry", "taskDefinition": "ferry"}
percents = {"minimumHealthyPercent": 75, "maximumPercent": 150}
more = {"deploymentConfiguration": percents, "loadBalancers": [app], "launchType": "FARGATE"}
where = {"awsvpcConfiguration": place}
ecs.create_service(**ferry, **more, desiredCount=4, networkConfiguration=where)
elb.get_waiter("target_in_service").wait(TargetGroupArn=targets["TargetGroupArn"])
"""
QUAY = """\
page = Path("quay/deployment.yaml")
text = json.dumps(plaza.manifest("Deployment")).replace("plaza", "quay").replace("250m", "500m")
text = text.replace("512Mi", "1Gi").replace("50%", "100%")
text = text.replace('Seconds": 30', 'Seconds": 60')
page.write_text(text)
door = Path("quay/service.yaml")
door.write_text(door.read_text() + "    targetPort: 8080\\n")
"""
KUBERNETES = Story(
    notebook="12-eks-compared.ipynb",
    blanks={"complete": ('"512"', '"1024"', "8080", "45")},
    calls={"build-here": FERRY, "repair-here": QUAY},
    reason="Deployment, Service and Ingress, each to be had without the others.",
    missed="eks-translate-001",
    failed=("error",),
    says={
        "api": "As predicted.",
        "schema": "Additional properties are not allowed ('portMappings' was unexpected)",
        "memory": "As predicted.",
        "complete": "eks-definition-101: 3 of 3 met",
        "error": "ECS was unable to assume the role",
        "identity": "serviceAccount plaza",
        "service": "200 OK: Hello from the web app",
        "update": "As predicted.",
        "build-here": "eks-service-101: 4 of 4 met",
        "fargate": "As predicted.",
        "repair-here": "eks-manifests-101: 8 of 8 met",
        "clean": "INACTIVE",
        "finish": "12 of 13 right.",
    },
    pictures=(
        *("title", "open", "same", "same-ask", "api", "two-doors", "describe", "schema", "side"),
        *("predict-memory", "memory", "complete-why", "complete", "error-why", "error", "identity"),
        *("identity-ask", "service", "change", "update", "build-why", "build", "build-here"),
        *("network", "scaling", "scaling-order", "fargate", "fargate-table", "duties", "explain"),
        *("repair", "look", "repair-here", "exam", "closing", "limits", "sources", "finish"),
    ),
)

STORIES = (
    *(CONTAINERS, FACTORS, PATTERNS, CONCEPTS, FARGATE, INSTANCES, IDENTITY),
    *(WATCHED, BALANCING, KUBERNETES, CHOSEN),
)

EXAM = Story(
    notebook="16-practice-exam.ipynb",
    blanks={
        "card": ('"The execution role pulls; the task role is the program\'s."',),
        "item-report": ('"A claim, and the page where I read it."',),
    },
    calls={},
    reason="",
    missed="exam-identity-001",
    failed=(),
    says={
        "open": "SANDBOX",
        "warmup": "Nothing to repeat",
        "blueprint": "DVA-C03, used from 1 December 2026.",
        "report": "the one you were sure of comes first.",
        "card": "Kept; you have 1 card",
        "list": "Which role pulls the image",
        "export": "in cards.apkg, beside this notebook.",
        "item-report": "Written to report-exam-identity-001-1.md",
        "finish": "Left in this account: nothing.",
    },
    pictures=(
        *("title", "format", "blueprint", "item", "mock", "report", "practice-why", "practice"),
        *(
            "variations",
            "weak",
            "cards",
            "card",
            "list",
            "export",
            "item-report",
            "closing",
            "limits",
            "finish",
        ),
    ),
)
"""The practice exam, which ``test_practice_exam`` takes: it has a clock, and a learner who goes away."""
