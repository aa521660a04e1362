"""Fargate against EC2, drawn: dollars an hour over the number of tasks, a line and a stair."""

from collections.abc import Iterator, Mapping

from course.costs.model import Size, cheaper_from, fit, on_ec2, on_fargate
from course.costs.prices import Machine, Prices, prices
from course.diagrams import svg
from course.diagrams.picture import Picture

WIDE, HIGH, LEFT, TOP, RIGHT, BOTTOM = 380, 250, 46, 48, 14, 40
OWN_PRICES = ("fargate_vcpu", "fargate_gigabyte", "address", "disk")
ROWS = (1, 2, 3, 4, 6, 8, 12, 16, 24, 32)


class Costs(Picture):
    """Both costs. *first* is the number of tasks at which EC2 costs less for the first time.

    *for_good* is that from which it always does; None where it never happens.
    """

    first: int | None = None
    for_good: int | None = None


def costs(size: Size, instance: str, most: int, fewest: int, changed: Mapping[str, float]) -> Costs:
    """The same by an instance type's name, with some prices *changed*. Raises ValueError."""
    if not 2 <= most <= 200 or fewest < 0:
        raise ValueError(f"Draw 2 to 200 tasks, and 0 or more instances: {most}, {fewest}.")
    listed, machine = prices(), prices().machine(instance)
    own = {name: price for name, price in changed.items() if name != "hour"}
    for name, price in changed.items():
        number = isinstance(price, int | float) and 0 < price < 1000
        if name not in ("hour", *OWN_PRICES) or not number:
            raise ValueError(
                f"A price is hour, {', '.join(OWN_PRICES)}, a number above 0; not {name}={price!r}."
            )
    machine = machine.at(changed.get("hour", machine.hour))
    return cost_lines(size, machine, listed.changed(own), most, fewest)


def cost_lines(size: Size, machine: Machine, prices: Prices, most: int, fewest: int) -> Costs:
    """The picture of both costs for 1 to *most* tasks, *fewest* instances kept."""
    sums = [
        (n, on_fargate(size, n, prices), on_ec2(size, n, machine, prices, fewest=fewest))
        for n in range(1, most + 1)
    ]
    turn = _turn(size, machine, prices, fewest)
    alt = (
        f"Dollars an hour for 1 to {most} tasks. Fargate is a straight line to {sums[-1][1]:.2f};"
        f" EC2 a stair of {machine.name} to {sums[-1][2]:.2f}. {turn}"
    )
    text = "\n".join(_text(size, machine, prices, sums, turn))
    drawn = Costs(text, alt, lambda said: svg.picture(WIDE, HIGH, _pieces(sums, machine), said))
    drawn.first, drawn.for_good = cheaper_from(size, machine, prices, fewest=fewest)
    return drawn


Sums = list[tuple[int, float, float]]


def _turn(size: Size, machine: Machine, prices: Prices, fewest: int) -> str:
    first, for_good = cheaper_from(size, machine, prices, fewest=fewest)
    if first is None:
        return "EC2 is never cheaper, up to 200 tasks."
    said = f"EC2 costs less at {first} tasks for the first time"
    if for_good is None:
        return f"{said}, and never for good, up to 200 tasks."
    return (
        f"{said}, and from {for_good} on always." if for_good > first else f"{said}, and stays so."
    )


def _text(size: Size, machine: Machine, prices: Prices, sums: Sums, turn: str) -> Iterator[str]:
    yield (
        f"A task: {size.cpu} CPU units, {size.memory} MiB. {machine.name} has room for"
        f" {fit(size, machine)}. US dollars an hour,"
    )
    yield f"{prices.region}, prices looked up on {prices.checked}; a model, no bill."
    yield "tasks  Fargate     EC2  cheaper"
    for tasks, fargate, ec2 in sums:
        if tasks in ROWS:
            yield f"{tasks:5} {fargate:8.4f} {ec2:7.4f}  {'EC2' if ec2 < fargate else 'Fargate'}"
    yield turn


def _pieces(sums: Sums, machine: Machine) -> Iterator[str]:
    most, top = len(sums), max(max(one[1:]) for one in sums)

    def at(tasks: float, dollars: float) -> tuple[float, float]:
        across = LEFT + tasks / most * (WIDE - LEFT - RIGHT)
        return across, HIGH - BOTTOM - dollars / top * (HIGH - TOP - BOTTOM)

    yield svg.text(LEFT, 20, "US dollars an hour", "title")
    yield svg.line(LEFT, 33, LEFT + 26, 33, "way")
    yield svg.text(LEFT + 32, 37, "Fargate", "small")
    yield svg.line(LEFT + 96, 33, LEFT + 122, 33, "way ahead")
    yield svg.text(LEFT + 128, 37, f"EC2, {machine.name}", "small")
    for part in (0, 0.5, 1):
        x, y = at(0, top * part)
        yield svg.line(x, y, WIDE - RIGHT, y, "guide")
        yield svg.text(x - 6, y + 4, f"{top * part:.2f}", "small soft", anchor="end")
    for tasks in (1, most // 2, most):
        yield svg.text(at(tasks, 0)[0], HIGH - 20, f"{tasks}", "small soft", anchor="middle")
    yield svg.text(WIDE - RIGHT, HIGH - 6, "tasks", "small soft", anchor="end")
    for tasks, fargate, ec2 in sums:
        before = sums[tasks - 2] if tasks > 1 else (tasks, 0.0, ec2)
        yield svg.line(*at(tasks - 1, before[1]), *at(tasks, fargate), "way")
        yield svg.line(*at(tasks - 1, before[2]), *at(tasks - 1, ec2), "way ahead")
        yield svg.line(*at(tasks - 1, ec2), *at(tasks, ec2), "way ahead")
