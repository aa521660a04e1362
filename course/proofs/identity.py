"""Proofs on IAM and security: who acts, who may hand a role over, whose statement decides."""

from typing import Any

from course.exercises.policies import TASKS, allow, document
from course.proofs.account import Account
from course.proofs.proof import observed, tried
from course.proofs.worlds import begin, give, refused, register, role, run, user

TABLE = {
    "TableName": "orders",
    "KeySchema": [{"AttributeName": "id", "KeyType": "HASH"}],
    "AttributeDefinitions": [{"AttributeName": "id", "AttributeType": "S"}],
    "BillingMode": "PAY_PER_REQUEST",
}


@tried("sec-roles-001", mutated={"task_role": False})
def the_program_reads_a_table(aws: Account, option: str, task_role: bool = True) -> bool:
    """Give one role the permission, and read the table with the credentials that the container is served."""
    table = aws.client("dynamodb").create_table(**TABLE)["TableDescription"]["TableArn"]
    roles = {"task": role(aws, "task"), "execution": role(aws, "execution")}
    role(aws, "instance", service="ec2.amazonaws.com")
    statement = allow("dynamodb:Scan", table)
    if option == "linked":
        aws.client("iam").create_service_linked_role(AWSServiceName="ecs.amazonaws.com")
        asked = {"RoleName": "AWSServiceRoleForECS", "PolicyName": "own"}
        put = aws.client("iam").put_role_policy
        refused(put, **asked, PolicyDocument=document(statement))
    else:
        give(aws, option, statement)
    named = {"executionRoleArn": roles["execution"]}
    named |= {"taskRoleArn": roles["task"]} if task_role else {}
    key = _served_key(aws, run(aws, register(aws, **named))["taskArn"])
    return bool(key) and not refused(aws.client_as(key, "dynamodb").scan, TableName="orders")


def _served_key(aws: Account, task: str) -> dict[str, Any]:
    """The credentials that a task's container is served; nothing where it gets none."""
    inside = aws.sandbox.inside(task)
    if "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI" not in inside.environment:
        return {}
    served = inside.get("http://169.254.170.2$AWS_CONTAINER_CREDENTIALS_RELATIVE_URI")
    return {**served, "SessionToken": served["Token"]}


@tried("sec-roles-002", mutated={"names_it": False})
def a_task_with_a_role_that_trusts(aws: Account, option: str, names_it: bool = True) -> bool:
    """Let the execution role trust whom the option says, and see whether RunTask takes it."""
    trusted = {
        "tasks": {"Service": "ecs-tasks.amazonaws.com"},
        "ecs": {"Service": "ecs.amazonaws.com"},
        "ec2": {"Service": "ec2.amazonaws.com"},
        "user": {"AWS": "arn:aws:iam::123456789012:root"},
    }[option]
    who = {"Effect": "Allow", "Principal": trusted, "Action": "sts:AssumeRole"}
    iam = aws.client("iam")
    made = iam.create_role(RoleName="execution", AssumeRolePolicyDocument=document(who))["Role"]
    named = {"executionRoleArn": made["Arn"]} if names_it else {}
    return not refused(begin, aws=aws, definition=register(aws, **named))


@observed(
    "iam-logic-001",
    says={"deny": "no no no", "user": "yes yes no", "wider": "yes yes yes", "later": "no yes no"},
    mutated={"effect": "Allow"},
)
def a_deny_and_an_allow(aws: Account, effect: str = "Deny") -> str:
    """Ask three times: as it stands, with the allow attached last, and with the two policies changed about."""
    ecs = aws.client("ecs")
    narrow = {"Effect": effect, "Action": "ecs:DeleteCluster", "Resource": "*"}
    wide = allow("ecs:*", "*")
    answers = []
    for who, of_user, of_group, last in (
        ("ann", wide, narrow, "group"),
        ("bob", wide, narrow, "user"),
        ("cat", narrow, wide, "group"),
    ):
        ecs.create_cluster(clusterName=who)
        key = user(aws, who)
        _in_group(aws, who, {"user": of_user, "group": of_group}, last)
        denied = refused(aws.client_as(key, "ecs").delete_cluster, cluster=who)
        answers.append("no" if denied else "yes")
    return " ".join(answers)


def _in_group(aws: Account, who: str, policies: dict[str, Any], last: str) -> None:
    """Attach one policy to a user and one to their group, the *last* one last."""
    iam = aws.client("iam")
    iam.create_group(GroupName=who)
    iam.add_user_to_group(GroupName=who, UserName=who)
    for kind in sorted(policies, key=lambda one: one == last):
        given = {"PolicyName": "p", "PolicyDocument": document(policies[kind])}
        if kind == "user":
            iam.put_user_policy(UserName=who, **given)
        else:
            iam.put_group_policy(GroupName=who, **given)


@tried("iam-denied-001", mutated={"given": True})
def a_parameter_for_the_task(aws: Account, option: str, given: bool = False) -> bool:
    """Do what the option says, and see whether the task with the parameter comes to run."""
    ssm, iam = aws.client("ssm"), aws.client("iam")
    ssm.put_parameter(Name="shop", Value="EUR", Type="String")
    arn = ssm.get_parameter(Name="shop")["Parameter"]["ARN"]
    execution = role(aws, "shop-execution", managed=True)
    program = role(aws, "shop-task")
    read = allow("ssm:GetParameters", arn)
    if option == "execution" or given:
        give(aws, "shop-execution", read)
    elif option == "task":
        give(aws, "shop-task", read)
    elif option == "user":
        user(aws, "runner", allow("iam:PassRole", execution))
    elif option == "trust":
        both = {"Service": [TASKS, "ssm.amazonaws.com"]}
        who = {"Effect": "Allow", "Action": "sts:AssumeRole", "Principal": both}
        iam.update_assume_role_policy(RoleName="shop-execution", PolicyDocument=document(who))
    wanted = {"secrets": [{"name": "CURRENCY", "valueFrom": arn}]}
    made = register(aws, wanted, executionRoleArn=execution, taskRoleArn=program)
    return bool(run(aws, made)["lastStatus"] == "RUNNING")


@tried("exam-identity-001", mutated={"bucket": False})
def the_program_reads_a_bucket(aws: Account, option: str, bucket: bool = True) -> bool:
    """Do what the option says: the program may read, may not delete, and no key stands in the definition."""
    s3 = aws.client("s3")
    s3.create_bucket(Bucket="pictures")
    s3.put_object(Bucket="pictures", Key="a", Body=b"a")
    arn = "arn:aws:s3:::pictures" if bucket else "arn:aws:s3:::others"
    roles = {"executionRoleArn": role(aws, "execution", managed=True)}
    read = allow("s3:GetObject", f"{arn}/*")
    given: dict[str, Any] = {}
    if option == "task":
        roles["taskRoleArn"] = role(aws, "task", read)
    if option == "execution":
        give(aws, "execution", read)
    if option == "keys":
        key = user(aws, "program", read)
        values = {
            "AWS_ACCESS_KEY_ID": key["AccessKeyId"],
            "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"],
        }
        given = {"environment": [{"name": name, "value": one} for name, one in values.items()]}
    if option == "service":
        full = "arn:aws:iam::aws:policy/AmazonS3FullAccess"
        roles["taskRoleArn"] = role(aws, "task")
        aws.client("iam").attach_role_policy(RoleName="task", PolicyArn=full)
    made = run(aws, register(aws, given, **roles))
    served = _served_key(aws, made["taskArn"])
    if given or not served:
        return False
    as_program = aws.client_as(served, "s3")
    reads = not refused(as_program.get_object, Bucket="pictures", Key="a")
    return reads and bool(refused(as_program.delete_object, Bucket="pictures", Key="a"))


@tried("exam-identity-002", mutated={"roles": ()})
def a_pipeline_registers(
    aws: Account, option: str, roles: tuple[str, ...] = ("task", "execution")
) -> bool:
    """Give the pipeline the option's statement beside what it has, and let it register the definition."""
    arns = {name: role(aws, name) for name in ("task", "execution")}
    has = allow(["ecs:RegisterTaskDefinition", "ecs:UpdateService"], "*")
    to_tasks = {"StringEquals": {"iam:PassedToService": TASKS}}
    more = {
        "pass": allow("iam:PassRole", list(arns.values()), Condition=to_tasks),
        "assume": allow("sts:AssumeRole", list(arns.values())),
        "run": allow("ecs:RunTask", "*"),
        "one": allow("iam:PassRole", arns["execution"], Condition=to_tasks),
    }[option]
    key = user(aws, "pipeline", has, more)
    given = {f"{name}RoleArn": arns[name] for name in roles}
    return not refused(
        aws.client_as(key, "ecs").register_task_definition,
        family="web",
        requiresCompatibilities=["FARGATE"],
        networkMode="awsvpc",
        cpu="256",
        memory="512",
        containerDefinitions=[{"name": "app", "image": "registry.example.com/web:1"}],
        **given,
    )


@tried("exam-identity-003", mutated={"trusts": "ecs-tasks.amazonaws.com"})
def a_role_that_trusts_another_service(
    aws: Account, option: str, trusts: str = "ecs.amazonaws.com"
) -> bool:
    """Change what the option says, and let a user run the task."""
    trusted = {"principal": TASKS, "ec2": "ec2.amazonaws.com"}.get(option, trusts)
    arn = role(aws, "program", service=trusted)
    may = [allow(["ecs:RunTask"], "*"), allow("iam:PassRole", arn)]
    if option == "caller":
        may.append(allow("sts:AssumeRole", arn))
    if option == "policy":
        give(aws, "program", allow("ecs:RunTask", "*"))
    key = user(aws, "runner", *may)
    made = register(aws, taskRoleArn=arn)
    return not refused(begin, aws=aws, definition=made, ecs=aws.client_as(key, "ecs"))


CHANNELS = [
    f"ssmmessages:{verb}{kind}Channel"
    for verb in ("Create", "Open")
    for kind in ("Control", "Data")
]


@tried("exam-identity-004", mutated={"has": True})
def a_command_in_a_container(aws: Account, option: str, has: bool = False) -> bool:
    """Give what the option says, start the task, and let the caller run a command in it."""
    roles = {
        "executionRoleArn": role(aws, "execution", managed=True),
        "taskRoleArn": role(aws, "task", *([allow(CHANNELS, "*")] if has else [])),
    }
    may = [allow("ecs:ExecuteCommand", "*")]
    if option in ("task", "execution"):
        give(aws, option, allow(CHANNELS, "*"))
    if option == "caller":
        may.append(allow("ssm:StartSession", "*"))
    if option == "instance":
        role(aws, "ecsInstanceRole", service="ec2.amazonaws.com")
        aws.client("iam").attach_role_policy(
            RoleName="ecsInstanceRole",
            PolicyArn="arn:aws:iam::aws:policy/AmazonSSMManagedInstanceCore",
        )
    key = user(aws, "caller", *may)
    made = run(aws, register(aws, **roles), enableExecuteCommand=True)
    asked = {"cluster": "shop", "task": made["taskArn"], "command": "ls", "interactive": True}
    return not refused(aws.client_as(key, "ecs").execute_command, **asked)


@observed(
    "exam-identity-006",
    says={
        "endpoint": "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
        "env": "AWS_ACCESS_KEY_ID",
        "file": "AWS_SHARED_CREDENTIALS_FILE",
        "sts": "AWS_ROLE_ARN",
    },
    mutated={"task_role": False},
)
def where_credentials_come_from(aws: Account, task_role: bool = True) -> list[str]:
    """Look which of the variables by which SDKs find credentials a container with a task role has."""
    named = {"taskRoleArn": role(aws, "task")} if task_role else {}
    made = run(aws, register(aws, **named))
    environment = aws.sandbox.inside(made["taskArn"]).environment
    known = ("CREDENTIALS_RELATIVE_URI", "ACCESS_KEY_ID", "SHARED_CREDENTIALS_FILE", "ROLE_ARN")
    return [one for one in environment if one.endswith(known)]


@observed(
    "exam-identity-008",
    says={"denied": "no no", "allowed": "yes no", "union": "yes yes", "resource": "no yes"},
    mutated={"bounded": False},
)
def a_boundary_and_a_policy(aws: Account, bounded: bool = True) -> str:
    """Ask with a wide policy under a narrow boundary, and with a narrow policy under a wide one."""
    iam = aws.client("iam")
    wide, narrow = allow("ecs:*", "*"), allow(["ecs:Describe*", "ecs:List*"], "*")
    answers = []
    for name, policy, boundary in (("ann", wide, narrow), ("bob", narrow, wide)):
        made = iam.create_policy(PolicyName=name, PolicyDocument=document(boundary))
        limit = {"PermissionsBoundary": made["Policy"]["Arn"]} if bounded else {}
        arn = _session_role(aws, name, **limit)
        give(aws, name, policy)
        asked = {"RoleArn": arn, "RoleSessionName": name}
        key = aws.client("sts").assume_role(**asked)["Credentials"]
        code = refused(aws.client_as(key, "ecs").update_service, cluster="shop", service="web")
        answers.append("no" if code == "AccessDeniedException" else "yes")
    return " ".join(answers)


def _session_role(aws: Account, name: str, **limit: str) -> str:
    """A role that people of the account may put on; a boundary limits it as it limits a user. Its ARN."""
    account = aws.client("sts").get_caller_identity()["Account"]
    who = {"Effect": "Allow", "Action": "sts:AssumeRole"}
    trust = document({**who, "Principal": {"AWS": f"arn:aws:iam::{account}:root"}})
    given = {"RoleName": name, "AssumeRolePolicyDocument": trust, **limit}
    return str(aws.client("iam").create_role(**given)["Role"]["Arn"])
