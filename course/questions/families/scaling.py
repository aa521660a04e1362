"""Families on scaling, alarms, queues and clean-up: what follows from the numbers."""

from random import Random

from course.questions.families.family import Choice, Made, family

SCALING = "https://docs.aws.amazon.com/autoscaling/application/userguide/"
STEPS = {
    "topic": "scaling",
    "exam": "C02:4.3 C03:4.3",
    "objective": "ec2-tutorial/capacity",
    "section": "Instances that come by themselves",
    "page": SCALING + "application-auto-scaling-step-scaling-policies.html",
    "title": "Application Auto Scaling User Guide, step scaling",
}


@family("step-scaling", **STEPS)
def step_scaling(chance: Random) -> Made:
    """Which step a metric reaches: bounds count from the alarm's threshold, the lower one inclusive."""
    threshold, tasks = chance.choice((40, 50, 60)), chance.choice((5, 8, 10, 12))
    small, large = chance.choice((1, 2)), chance.choice((4, 5, 6))
    above = chance.choice((3, 5, 9, 10, 14, 20, 25))
    added = small if above < 10 else large
    return Made(
        f"A step scaling policy adds {small} tasks from 0 to 10 above its alarm's threshold, and {large} from 10 above it on "
        f"(ChangeInCapacity). The threshold is {threshold} percent CPU. {tasks} tasks run, and CPU is {threshold + above} percent. How "
        "many tasks are wanted next?",
        Choice(
            f"{tasks + added}",
            f"{above} above the threshold is the {'first' if added == small else 'second'} step.",
        ),
        (
            Choice(f"{tasks + (large if added == small else small)}", "That is the other step."),
            Choice(f"{tasks + small + large}", "One step applies, not both."),
            Choice(f"{added}", "ChangeInCapacity adds; it does not set."),
            Choice(f"{tasks}", "The alarm's threshold is reached."),
            Choice(f"{tasks * 2}", "Steps add what they say."),
        ),
        f"Bounds of steps count from the threshold, and a lower bound belongs to its step: {above} above it adds {added}.",
    )


@family("percent-rounding", **STEPS)
def percent_rounding(chance: Random) -> Made:
    """Percents of capacity are rounded: below one up to one, above one down."""
    tasks, percent = chance.choice(
        ((4, 10), (3, 20), (7, 25), (10, 25), (9, 30), (11, 15), (13, 30), (5, 15), (14, 33))
    )
    exact = tasks * percent / 100
    added = max(1, int(exact))
    return Made(
        f"A step of a scaling policy has PercentChangeInCapacity with +{percent}, and no MinAdjustmentMagnitude. {tasks} tasks run "
        "when it applies. How many tasks are wanted then?",
        Choice(f"{tasks + added}", f"{percent} % of {tasks} are {exact:.2f}, rounded to {added}."),
        (
            Choice(f"{tasks + int(exact) + 1}", "Above 1 it is rounded down."),
            Choice(f"{tasks}", "Less than one task is rounded up to one."),
            Choice(f"{tasks + percent}", "It is a percentage, not a number of tasks."),
            Choice(f"{added}", "The change is added to what runs."),
            Choice(f"{tasks * 2}", "That would be 100 percent."),
            Choice(f"{tasks + added + 2}", "That is more than the percentage gives."),
        ),
        f"{percent} % of {tasks} are {exact:.2f}. Values between 0 and 1 become 1, larger ones are rounded down: {added} more.",
    )


@family(
    "backlog-per-task",
    **STEPS
    | {
        "page": "https://docs.aws.amazon.com/autoscaling/ec2/userguide/as-using-sqs-queue.html",
        "title": "Amazon EC2 Auto Scaling User Guide, scaling based on Amazon SQS",
        "objective": "microservice-patterns/queues",
        "section": "Event driven: say it, and go on",
    },
)
def backlog_per_task(chance: Random) -> Made:
    """The target for messages waiting per task: acceptable latency by seconds per message."""
    seconds, minutes = chance.choice((2, 3, 4, 5, 6)), chance.choice((5, 10, 15, 20))
    target = minutes * 60 // seconds
    return Made(
        f"A worker on ECS needs {seconds} seconds for a message, one at a time. A message may wait {minutes} minutes. Target tracking uses the "
        "metric of messages waiting per running task. Which target value fits?",
        Choice(f"{target}", f"In {minutes} minutes a task handles {target} messages."),
        (
            Choice(f"{minutes * seconds}", "Time by time is no number of messages."),
            Choice(f"{60 // seconds}", "That is what a task handles in one minute."),
            Choice(f"{minutes}", "The target is a number of messages."),
            Choice(f"{minutes * 60}", "A message takes more than a second."),
            Choice(f"{target * 2}", "The last one would wait twice as long."),
        ),
        f"The acceptable backlog per task is the acceptable wait by the time per message: {minutes * 60} s by {seconds} s.",
    )


@family(
    "alarm-m-of-n",
    topic="observability",
    exam="C02:4.2 C03:4.2",
    objective="logging-and-monitoring/metrics",
    section="Metrics",
    page="https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html",
    title="Amazon CloudWatch User Guide, using alarms: evaluating an alarm",
)
def alarm_m_of_n(chance: Random) -> Made:
    """When an alarm goes off: with M breaching datapoints among the last N."""
    needed, periods = chance.choice(((2, 3), (3, 4), (3, 5), (2, 4)))
    while True:
        points = [chance.choice((40, 55, 85, 95)) for _ in range(9)]
        first = _goes_off(points, needed, periods)
        in_a_row = _goes_off(points, needed, needed)
        if first is not None and first > needed and first != in_a_row:
            break
    first_over = next(place for place, one in enumerate(points, 1) if one > 80)
    return Made(
        f"An alarm on CPU above 80 percent has Period 60, EvaluationPeriods {periods} and DatapointsToAlarm {needed}. From OK, these "
        f"datapoints come in, one a minute: {', '.join(map(str, points))}. With which one does it go to ALARM?",
        Choice(f"number {first}", f"Then {needed} of the last {periods} are above 80."),
        (
            Choice(f"number {first_over}", f"One is not enough; it takes {needed}."),
            *(
                [Choice(f"number {in_a_row}", "They need not follow one another.")]
                if in_a_row
                else []
            ),
            Choice(
                f"number {periods}", f"It depends on the values, not on having {periods} of them."
            ),
            Choice("with none of them", f"There are {needed} among {periods} in a row."),
            Choice(f"number {first + 1}", "It went off one earlier."),
            Choice(f"number {first - 1}", "One more is needed."),
        ),
        f"{needed} of the last {periods} datapoints have to breach, in any order: that is so with number {first}.",
    )


def _goes_off(points: list[int], needed: int, periods: int) -> int | None:
    for place in range(1, len(points) + 1):
        if sum(one > 80 for one in points[max(0, place - periods) : place]) >= needed:
            return place
    return None


@family(
    "receive-count",
    topic="patterns",
    exam="C02:1.1 C03:1.1",
    objective="microservice-patterns/queues",
    section="Event driven: say it, and go on",
    page="https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-dead-letter-queues.html",
    title="Amazon SQS Developer Guide, dead-letter queues",
)
def receive_count(chance: Random) -> Made:
    """How long a poison message keeps coming back: maxReceiveCount times the visibility timeout."""
    count, visible = chance.choice((2, 3, 4, 5)), chance.choice((30, 45, 60, 120))
    return Made(
        f"A queue has a visibility timeout of {visible} seconds and a redrive policy with maxReceiveCount {count}. Workers poll all the time; "
        "one message makes each of them crash at once. How often is it received before it goes to the dead-letter queue?",
        Choice(f"{count} times, {visible} seconds apart", "Each receive counts; then it is moved."),
        (
            Choice(
                f"{count} times, one right after the other",
                "It is hidden for the visibility timeout each time.",
            ),
            Choice("once, as a crash is noticed", "SQS does not know of the worker's crash."),
            Choice("until the retention period is over", "That is so without a redrive policy."),
            Choice(
                f"{count - 1 or 9} times, {visible} seconds apart",
                "It is moved when the count would be exceeded.",
            ),
        ),
        f"SQS counts receives. When the message has been received {count} times and not deleted, the next receive would "
        "exceed maxReceiveCount, and it is moved.",
    )


@family(
    "kept-images",
    topic="images",
    exam="C02:3.1 C03:3.1",
    objective="containers-in-brief/lifecycle",
    section="Lifecycle policies",
    page="https://docs.aws.amazon.com/AmazonECR/latest/userguide/LifecyclePolicies.html",
    title="Amazon ECR User Guide, lifecycle policies",
)
def kept_images(chance: Random) -> Made:
    """What a rule by count leaves: so many of the newest that it selects, and all that it does not select."""
    keep, builds, releases = (
        chance.choice((5, 10, 20)),
        chance.choice((24, 30, 45)),
        chance.choice((3, 4, 7)),
    )
    return Made(
        f"A repository has {builds} images with tags that begin with build-, and {releases} older ones with tags that begin with release-. "
        f"Its one lifecycle rule: tagStatus tagged, tagPrefixList build-, imageCountMoreThan {keep}, expire. How many images are left?",
        Choice(f"{keep + releases}", f"{keep} builds; the rule does not select releases."),
        (
            Choice(f"{keep}", "Releases are not selected, and stay."),
            Choice(f"{builds - keep + releases}", "The newest stay, the others expire."),
            Choice(f"{releases}", "So many builds as the rule says stay."),
            Choice(f"{builds + releases}", "Builds beyond the count expire."),
            Choice(f"{builds - keep}", "So many expire."),
        ),
        f"The rule selects builds alone, and keeps the {keep} newest of them; the {releases} releases are none of its business.",
    )
