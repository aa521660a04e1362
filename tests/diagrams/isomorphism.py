"""Whether two graphs are the same but for what their nodes are called: kinds, arrows, and what arrows say."""

from itertools import permutations

from course.diagrams.graph import Graph


def same(one: Graph, other: Graph) -> bool:
    """Whether nodes can be paired by kind so that every arrow, with its label, has its like.

    Tried by brute force, so for small graphs only.
    """
    ours, theirs = list(one.all_nodes()), list(other.all_nodes())
    if sorted(node.kind for node in ours) != sorted(node.kind for node in theirs):
        return False
    wanted = {(edge.tail, edge.head, edge.label) for edge in one.edges}
    found = {(edge.tail, edge.head, edge.label) for edge in other.edges}
    return any(
        {(name[tail], name[head], label) for tail, head, label in found} == wanted
        for paired in permutations(ours)
        if [node.kind for node in paired] == [node.kind for node in theirs]
        for name in [{b.id: a.id for a, b in zip(paired, theirs, strict=True)}]
    )
