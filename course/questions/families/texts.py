"""Families on texts that have to be exact: addresses, ARNs, ids, schedules; and on whose policy decides."""

from random import Random

from course.questions.families.family import Choice, Made, family

GUIDE = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/"
ACCOUNT = "111122223333"
NAMES = ("shop", "books", "news", "fleet", "clinic")
SERVICES = ("web", "orders", "intake", "api", "worker")
REGIONS = ("us-east-1", "eu-central-1", "eu-west-1", "ap-southeast-2")
DAYS = {"MON-FRI": "on weekdays", "SUN": "on Sundays", "*": "every day", "SAT": "on Saturdays"}


@family(
    "resource-id",
    topic="scaling",
    exam="C02:4.3 C03:4.3",
    objective="ec2-tutorial/capacity",
    section="Instances that come by themselves",
    page=GUIDE + "service-auto-scaling.html",
    title="Amazon ECS Developer Guide, service auto scaling",
)
def resource_id(chance: Random) -> Made:
    """Which ResourceId Application Auto Scaling wants for a service."""
    cluster, service = chance.choice(NAMES), chance.choice(SERVICES)
    return Made(
        f"RegisterScalableTarget is called with ServiceNamespace ecs for the service {service} of the cluster {cluster}, ScalableDimension "
        "ecs:service:DesiredCount. Which ResourceId belongs into the call?",
        Choice(f"service/{cluster}/{service}", "service, then cluster, then name."),
        (
            Choice(f"service/{service}/{cluster}", "The cluster comes first."),
            Choice(f"cluster/{cluster}/service/{service}", "There is one word in front, service."),
            Choice(f"autoScalingGroup/{cluster}/{service}", "It is no group of instances.", "M068"),
            Choice(
                f"{cluster}:{service}",
                "The parts are set apart by slashes, and service is in front.",
            ),
        ),
        f"For a service the ResourceId is service/cluster/name: service/{cluster}/{service}.",
    )


@family(
    "image-uri",
    topic="images",
    exam="C02:3.1 C03:3.1",
    objective="containers-in-brief/registry",
    section="A registry: Amazon ECR",
    page="https://docs.aws.amazon.com/AmazonECR/latest/userguide/docker-push-ecr-image.html",
    title="Amazon ECR User Guide, pushing an image",
)
def image_uri(chance: Random) -> Made:
    """By which name an image in private ECR is pushed."""
    name, region = f"{chance.choice(NAMES)}/{chance.choice(SERVICES)}", chance.choice(REGIONS)
    tag = f"{chance.randint(1, 9)}.{chance.randint(0, 9)}"
    host = f"{ACCOUNT}.dkr.ecr.{region}.amazonaws.com"
    return Made(
        f"An image has to be pushed to the private repository {name} of account {ACCOUNT} in {region}, under the tag {tag}. By which "
        "name is it tagged before docker push?",
        Choice(f"{host}/{name}:{tag}", "Registry, repository, tag."),
        (
            Choice(f"public.ecr.aws/{ACCOUNT}/{name}:{tag}", "That is the public registry."),
            Choice(
                f"ecr.{region}.amazonaws.com/{ACCOUNT}/{name}:{tag}",
                "The account is part of the registry's host name.",
            ),
            Choice(f"{host}/{tag}/{name}", "A tag stands behind a colon, at the end."),
            Choice(f"{host}/{name}@{tag}", "Behind @ stands a digest."),
        ),
        f"A private registry is account.dkr.ecr.region.amazonaws.com; then come repository and tag: {host}/{name}:{tag}.",
    )


@family(
    "secret-key",
    topic="secrets",
    exam="C02:2.3 C03:2.2",
    objective="security-and-iam/secrets",
    section="Secrets done right",
    page=GUIDE + "secrets-envvar-secrets-manager.html",
    title="Amazon ECS Developer Guide, Secrets Manager through environment variables",
)
def secret_key(chance: Random) -> Made:
    """Which valueFrom gives one key of a JSON secret, in the version that is current or was before."""
    region, name = chance.choice(REGIONS), chance.choice(NAMES)
    key, stage = (
        chance.choice(("password", "username", "host", "token")),
        chance.choice(("", "AWSPREVIOUS")),
    )
    arn = f"arn:aws:secretsmanager:{region}:{ACCOUNT}:secret:{name}-AbC1d2"
    wanted = "the version AWSPREVIOUS" if stage else "the current version"
    return Made(
        f"A container needs the value of the key {key} alone, in {wanted}, of the Secrets Manager secret {arn}, whose text is JSON. Which valueFrom?",
        Choice(
            f"{arn}:{key}:{stage}:", "JSON key, version stage, version id, each behind a colon."
        ),
        (
            Choice(f"{name}:{key}:{stage}:", "A bare name is for Parameter Store.", "M015"),
            Choice(f"{arn}:{stage}:{key}:", "The key comes before the stage."),
            Choice(f"{arn}/{key}", "Keys are set apart by colons."),
            Choice(f"{arn}", "That is the whole text."),
        ),
        "valueFrom is the ARN, then :json-key:version-stage:version-id; what is left out leaves its colon.",
    )


@family(
    "cron",
    topic="observability",
    exam="C02:4.2 C03:4.2",
    objective="logging-and-monitoring/alerts",
    section="Told, not asked",
    page="https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html",
    title="Amazon EventBridge User Guide, cron and rate expressions",
)
def cron(chance: Random) -> Made:
    """Which cron expression of a rule runs a task at a time of day."""
    hour, minute, days = (
        chance.randint(1, 23),
        chance.choice((0, 15, 30, 45)),
        chance.choice(tuple(DAYS)),
    )
    of_week = f"? * {days}" if days != "*" else "* * ?"
    return Made(
        f"An EventBridge rule is to start a task {DAYS[days]} at {hour:02}:{minute:02} UTC. Which ScheduleExpression?",
        Choice(
            f"cron({minute} {hour} {of_week} *)",
            "Minute, hour, day of month, month, day of week, year.",
        ),
        (
            Choice(
                f"cron({minute} {hour} * * {days})",
                "Those are five fields, as on Linux; the year is missing.",
            ),
            Choice(f"cron({hour} {minute} {of_week} *)", "Minutes come before hours."),
            Choice(
                f"cron({minute} {hour} * * {days} *)",
                "One of the two days has to be a question mark.",
            ),
            Choice("rate(1 day)", "It says how often, and not when."),
        ),
        "A cron expression of EventBridge has six fields, and a question mark in one of the two fields for days.",
    )


@family(
    "who-decides",
    topic="identity",
    exam="C02:2.1 C03:2.1",
    objective="security-and-iam/policies",
    section="Denied: the call",
    page="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html",
    title="IAM User Guide, policy evaluation logic",
)
def who_decides(chance: Random) -> Made:
    """Whether a call is allowed, of four kinds of policies that may have a say."""
    key = chance.choice(("deny", "boundary", "implicit", "allowed"))
    allows, denies = key != "implicit", key == "deny"
    bounded = False if key == "boundary" else chance.choice((None, True))
    action = chance.choice(
        ("ecs:UpdateService", "ecs:RunTask", "ecs:StopTask", "ecs:DeleteService")
    )
    said = [f"Their policy allows {action if allows else 'ecs:List*'}"]
    if bounded is not None:
        said.append(
            f"their permissions boundary allows {'ecs:*' if bounded else 'ecs:Describe*'} alone"
        )
    said.append(
        f"their group's policy denies {action}"
        if denies
        else "their group's policy allows ecs:ListTasks"
    )
    verdicts = {
        "deny": Choice(
            "It is denied: an explicit deny stands in a policy", "A deny wins, wherever it stands."
        ),
        "boundary": Choice(
            "It is denied: the boundary does not allow it",
            "Both the boundary and a policy have to allow.",
        ),
        "implicit": Choice(
            "It is denied: no policy of theirs allows it",
            "Without an allow it is denied, implicitly.",
        ),
        "allowed": Choice(
            "It is allowed: a policy allows it, and nothing stops it",
            "An allow is there, and nothing against it.",
        ),
    }
    wrong = tuple(
        Choice(one.text, _not_so(name, key)) for name, one in verdicts.items() if name != key
    )
    return Made(
        f"A user calls {action.partition(':')[2]} on a service. {', '.join(said)}. No other policy is involved. What comes of the call?",
        verdicts[key],
        wrong,
        "First any explicit deny, then a boundary if there is one, then an allow in a policy: without it the call is denied.",
    )


def _not_so(name: str, key: str) -> str:
    return {
        "deny": "Nothing here denies it explicitly.",
        "boundary": "It is not the boundary that decides here.",
        "implicit": "It is not for want of an allow alone."
        if key != "allowed"
        else "There is an allow.",
        "allowed": "Something keeps it from being allowed.",
    }[name]
