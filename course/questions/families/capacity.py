"""Families on capacity and placement: sizes, instances, interfaces, ports, shares of providers."""

from math import ceil
from random import Random

from course.questions.families.family import Choice, Made, family

GUIDE = "https://docs.aws.amazon.com/AmazonECS/latest/developerguide/"

SIZES = {
    256: (512, 1024, 2048),
    512: tuple(range(1024, 4097, 1024)),
    1024: tuple(range(2048, 8193, 1024)),
    2048: tuple(range(4096, 16385, 1024)),
    4096: tuple(range(8192, 30721, 1024)),
}
"""Memory in MiB that Fargate offers, by CPU units."""

FARGATE = {
    "topic": "capacity",
    "exam": "C02:3.1 C03:3.3",
    "objective": "fargate-tutorial/task-definitions",
    "section": "A task definition",
    "page": GUIDE + "fargate-tasks-services.html",
    "title": "Amazon ECS Developer Guide, task definition differences for Fargate",
}
PLACEMENT = {
    "topic": "capacity",
    "exam": "C02:4.3 C03:4.3",
    "objective": "ec2-tutorial/placement",
    "section": "Packed or apart",
    "page": GUIDE + "task-placement-strategies.html",
    "title": "Amazon ECS Developer Guide, task placement strategies",
}
PORTS = {
    "topic": "network",
    "exam": "C02:3.1 C03:3.3",
    "objective": "ec2-tutorial/networking",
    "section": "A port of the instance",
    "page": GUIDE + "task-networking.html",
    "title": "Amazon ECS Developer Guide, task networking",
}


@family("fargate-sizes", **FARGATE)
def fargate_sizes(chance: Random) -> Made:
    """Which memory goes with so many CPU units on Fargate."""
    cpu = chance.choice(tuple(SIZES))
    memory = chance.choice(SIZES[cpu])
    others = [one for held in SIZES.values() for one in held if one not in SIZES[cpu]]
    wrong = chance.sample(sorted({*others, 256, 768, 1536}), 5)
    low, high = SIZES[cpu][0], SIZES[cpu][-1]
    return Made(
        f"A task definition for Fargate has cpu {cpu}. Which value of memory, in MiB, does RegisterTaskDefinition take with it?",
        Choice(f"{memory}", f"With {cpu} CPU units there are {low} to {high} MiB."),
        tuple(
            Choice(f"{one}", f"{one} MiB is not offered with {cpu} CPU units.", "M035")
            for one in wrong
        ),
        f"On Fargate only listed pairs exist: with {cpu} CPU units memory is {low} to {high} MiB"
        + (", in steps of 1024." if cpu > 256 else ": 512, 1024 or 2048."),
    )


@family("fargate-smallest", **FARGATE)
def fargate_smallest(chance: Random) -> Made:
    """The fewest CPU units with which a task can have so much memory."""
    cpu = chance.choice((512, 1024, 2048, 4096))
    below = SIZES[cpu // 2][-1]
    memory = chance.choice([one for one in SIZES[cpu] if one > below])
    return Made(
        f"A program on Fargate needs {memory // 1024} GB of memory, and hardly any CPU. Which is the SMALLEST cpu value, in CPU "
        "units, that a task with this memory can have?",
        Choice(f"{cpu}", f"It goes up to {SIZES[cpu][-1] // 1024} GB."),
        tuple(
            Choice(f"{one}", _why_not(one, memory), "M035" if one < cpu else "")
            for one in (cpu // 2, cpu * 2, 256, 4096, 512, 1024, 2048)
        ),
        f"CPU and memory go in pairs: {cpu // 2} CPU units end at {below // 1024} GB, and {cpu} reach from "
        f"{SIZES[cpu][0] // 1024} to {SIZES[cpu][-1] // 1024} GB.",
    )


def _why_not(cpu: int, memory: int) -> str:
    held = SIZES.get(cpu)
    if held is None:
        return "It is larger than is needed."
    if memory > held[-1]:
        return f"With {cpu} CPU units memory ends at {held[-1]} MiB."
    if memory < held[0]:
        return f"With {cpu} CPU units memory begins at {held[0]} MiB."
    return "It would do, and a smaller one does, too."


@family("binpack-instances", **PLACEMENT)
def binpack_instances(chance: Random) -> Made:
    """How many instances binpack fills: by how many tasks fit into one."""
    free, each = chance.choice((1800, 3700, 7600)), chance.choice((400, 500, 600, 900))
    tasks = chance.randint(7, 16)
    fit = free // each
    needed = ceil(tasks / fit)
    return Made(
        f"Container instances have {free} MiB free each, and CPU in plenty. {tasks} tasks with a memory reservation of "
        f"{each} MiB are placed in bridge mode with dynamic ports, by binpack on memory. How many instances do they occupy?",
        Choice(f"{needed}", f"{fit} tasks fit into one instance."),
        (
            Choice(f"{tasks}", "That would be distinctInstance.", "M039"),
            Choice(f"{needed + 1}", "One fewer is enough."),
            Choice(f"{max(1, needed - 1)}", "They do not all fit."),
            Choice(f"{fit}", "So many tasks fit into one instance."),
            Choice(f"{needed + 2}", "binpack leaves as few instances in use as it can."),
            Choice(f"{tasks + 1}", "There are fewer tasks than that."),
        ),
        f"{free} MiB hold {fit} tasks of {each} MiB, so {tasks} tasks need {needed} instances.",
    )


@family("spread-zones", **PLACEMENT)
def spread_zones(chance: Random) -> Made:
    """How many tasks are left when a zone is lost, if they were spread."""
    zones = chance.choice((2, 3))
    tasks = chance.randint(3, 6) * zones
    left = tasks - tasks // zones
    return Made(
        f"A service of {tasks} tasks is spread by attribute:ecs.availability-zone over container instances in {zones} Availability "
        "Zones with room for all. One zone is lost. How many of its tasks still run at that moment?",
        Choice(f"{left}", f"Each zone had {tasks // zones} tasks."),
        (
            Choice(
                "0, as they were all in one zone", "binpack may do that; spread does not.", "M040"
            ),
            Choice(
                f"{tasks}, as tasks move at once",
                "New ones are started later; those in the zone are lost.",
            ),
            Choice(f"{tasks // zones}", "So many are lost with the zone."),
            Choice(f"{left - 1}", "The zones have the same number of tasks."),
            Choice(f"{tasks - 1}", "A zone has more than one of them."),
        ),
        f"spread by zone puts {tasks // zones} of {tasks} tasks into each of {zones} zones; {left} are left.",
    )


@family("interfaces", **PORTS)
def interfaces(chance: Random) -> Made:
    """How many tasks in awsvpc mode an instance holds: its network interfaces less one."""
    limit, hosts = chance.choice((3, 4, 8, 15)), chance.choice((2, 3, 4))
    return Made(
        f"{hosts} container instances may have {limit} network interfaces each; awsvpcTrunking is off. Tasks in awsvpc mode are small. "
        "How many of them run there at the most?",
        Choice(f"{hosts * (limit - 1)}", "One interface of each instance is its own."),
        (
            Choice(f"{hosts * limit}", "The instance itself needs one of them."),
            Choice("as many as CPU and memory allow", "Each task takes an interface.", "M051"),
            Choice(f"{limit - 1}", "That is one instance's share."),
            Choice(f"{hosts}", "An instance holds more than one."),
            Choice(f"{hosts * (limit + 1)}", "There are not so many interfaces."),
        ),
        f"Each task in awsvpc mode takes an interface, and the first is the instance's: {hosts} times {limit - 1}.",
    )


@family("fixed-ports", **PORTS)
def fixed_ports(chance: Random) -> Made:
    """How many copies with a fixed host port there can be: one for each instance."""
    hosts, port = chance.randint(2, 6), chance.choice((80, 443, 8080, 3000))
    wanted = hosts * chance.choice((2, 3))
    return Made(
        f"A task definition in bridge mode maps containerPort {port} to hostPort {port}. A service of {wanted} such tasks is made "
        f"in a cluster of {hosts} container instances with much free CPU and memory. How many tasks get a place?",
        Choice(f"{hosts}", "A host port can be taken once on each instance."),
        (
            Choice(f"{wanted}", "Two of them cannot share a host port.", "M050"),
            Choice("0", "The first on each instance finds the port free."),
            Choice("1", "The port is taken on one instance only."),
            Choice(f"{hosts + 1}", "There is no further instance with a free port."),
            Choice(f"{wanted - 1}", "More than one has to wait."),
        ),
        f"Port {port} is there once for each instance, so {hosts} tasks are placed; hostPort 0 would let all in.",
    )


@family(
    "soft-memory",
    **PLACEMENT
    | {
        "section": "An instance of your own",
        "objective": "ec2-tutorial/instances",
        "page": GUIDE + "task_definition_parameters.html",
        "title": "Amazon ECS Developer Guide, task definition parameters",
    },
)
def soft_memory(chance: Random) -> Made:
    """How many tasks find a place: by memoryReservation, not by the limit."""
    soft = chance.choice((200, 250, 300, 400))
    hard, free = soft * chance.choice((2, 3)), chance.choice((1800, 2900, 3700))
    return Made(
        f"A container definition on EC2 has memoryReservation {soft} and memory {hard}. One container instance has {free} MiB left, "
        "and CPU and ports in plenty. How many such tasks, of one container each, can be placed on it?",
        Choice(f"{free // soft}", f"Placement counts the reservation of {soft} MiB."),
        (
            Choice(f"{free // hard}", "The hard limit is for the kill, not for the place.", "M047"),
            Choice(f"{free // (soft + hard)}", "The two do not add up."),
            Choice("1", "There is room for more."),
            Choice(f"{free // soft + 1}", "The last one does not fit."),
            Choice(f"{2 * free // soft}", "Memory is counted once."),
        ),
        f"Where memoryReservation is set, that is what placement counts: {free} MiB hold {free // soft} times {soft} MiB.",
    )


@family(
    "base-and-weight",
    **FARGATE
    | {
        "exam": "C02:3.1 C03:4.3",
        "objective": "fargate-tutorial/launch-types",
        "section": "Fargate or EC2",
        "page": GUIDE + "fargate-capacity-providers.html",
        "title": "Amazon ECS Developer Guide, Fargate capacity providers",
    },
)
def base_and_weight(chance: Random) -> Made:
    """How many tasks go to Spot: what base leaves, shared by weight."""
    base, spot = chance.randint(1, 4), chance.randint(1, 4)
    rounds = chance.randint(2, 4)
    tasks = base + rounds * (1 + spot)
    whole = round(tasks * spot / (1 + spot))
    return Made(
        f"A service of {tasks} tasks has the strategy FARGATE with base {base} and weight 1, FARGATE_SPOT with weight {spot}. How many of "
        "its tasks run on FARGATE_SPOT?",
        Choice(
            f"{rounds * spot}",
            f"{base} are the base; the other {tasks - base} are shared 1 to {spot}.",
        ),
        (
            Choice(f"{whole}", "The weights share what base leaves, not all of it.", "M043"),
            Choice(f"{tasks - base}", "FARGATE has a weight, too."),
            Choice(f"{spot}", "A weight is a share, not a number of tasks."),
            Choice(f"{base + rounds}", "So many run on FARGATE."),
            Choice(f"{rounds * spot + 1}", "That is one too many."),
            Choice(f"{tasks}", "The base runs on FARGATE."),
        ),
        f"base is met first: {base} tasks. The other {tasks - base} are shared 1 to {spot}: {rounds} on FARGATE, "
        f"{rounds * spot} on FARGATE_SPOT.",
    )


@family(
    "target-capacity",
    **PLACEMENT
    | {
        "objective": "ec2-tutorial/capacity",
        "section": "Instances that come by themselves",
        "page": GUIDE + "cluster-auto-scaling.html",
        "title": "Amazon ECS Developer Guide, cluster auto scaling",
    },
)
def target_capacity(chance: Random) -> Made:
    """How many instances managed scaling keeps: those needed, by targetCapacity in percent."""
    target, needed = chance.choice(
        ((50, 3), (50, 4), (50, 6), (80, 4), (80, 8), (25, 2), (25, 3), (75, 3), (75, 6))
    )
    kept = needed * 100 // target
    return Made(
        f"A capacity provider has managed scaling with targetCapacity {target}. The tasks of the cluster need {needed} instances. How many "
        "instances does it lead the Auto Scaling group to?",
        Choice(f"{kept}", f"{needed} of {kept} are {target} percent."),
        (
            Choice(f"{needed}", "That would be a targetCapacity of 100.", "M074"),
            Choice(f"{needed + 1}", "It is a share, not one to spare."),
            Choice(f"{needed * 2 + 1}", "The target is in percent of what there is."),
            Choice(f"{max(1, needed * target // 100)}", "Then the tasks would have no room."),
            Choice(f"{kept + needed}", "That is more than the target asks for."),
        ),
        f"CapacityProviderReservation is what is needed by what there is, in percent. At {target} it is {needed} of {kept} instances.",
    )


@family(
    "run-task-calls",
    topic="objects",
    exam="C02:3.4 C03:3.3",
    objective="ecs-concepts/model",
    section="A task is one run of it",
    page="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RunTask.html",
    title="Amazon ECS API Reference, RunTask",
)
def run_task_calls(chance: Random) -> Made:
    """How many calls of RunTask so many tasks need: ten a call."""
    tasks = chance.choice((12, 15, 24, 28, 35, 36, 42, 47, 53))
    calls = ceil(tasks / 10)
    return Made(
        f"A batch program has to start {tasks} standalone tasks of one task definition at once. How many calls of RunTask does it "
        "make at the least?",
        Choice(f"{calls}", "A call starts up to 10 tasks."),
        (
            Choice("1", "count is 10 at the most.", "M029"),
            Choice(f"{tasks}", "A call may start several."),
            Choice(f"{calls - 1}", "Some tasks would be left over."),
            Choice(f"{ceil(tasks / 5)}", "A call may start more than five."),
            Choice(f"{calls + 1}", "One fewer is enough."),
            Choice("2", "A call starts no more than 10."),
        ),
        f"count of RunTask is 10 at the most: {tasks} tasks are {calls} calls.",
    )
