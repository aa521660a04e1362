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
