"""Where the states of an order stand in the picture of its life. Pure geometry."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

SPINE = (
    "CREATED", "CONFIRMED", "PLANNED", "IN_PRODUCTION", "PRODUCED",
    "PACKED", "SHIPPED", "DELIVERED", "INVOICED", "CLOSED",
)  # fmt: skip
CANCELLED = "CANCELLED"
CANCELLABLE = SPINE[:6]


@dataclass(frozen=True, slots=True)
class Node:
    state: str
    x: int
    y: int
    width: int
    height: int

    @property
    def middle(self) -> int:
        return self.x + self.width // 2

    @property
    def waist(self) -> int:
        return self.y + self.height // 2

    @property
    def right(self) -> int:
        return self.x + self.width

    @property
    def bottom(self) -> int:
        return self.y + self.height


@dataclass(frozen=True, slots=True)
class Edge:
    before: str
    after: str
    path: str
    """As SVG writes it."""


@dataclass(frozen=True, slots=True)
class Drawing:
    width: int
    height: int
    nodes: Sequence[Node]
    edges: Sequence[Edge]


def wide() -> Drawing:
    """Two rows of five, and below them what an order may become instead."""
    width, height, left, top, across, down = 116, 50, 28, 26, 136, 88
    nodes = [
        Node(state, left + index % 5 * across, top + index // 5 * down, width, height)
        for index, state in enumerate(SPINE)
    ]
    cancelled = Node(CANCELLED, left, top + 2 * down, width, height)
    edges = [_step(one, other) for one, other in pairwise(nodes)]
    rail, margin = 10, 10
    for node in nodes[:5]:
        path = f"M{node.middle} {node.y}V{rail}H{margin}V{cancelled.waist}H{cancelled.x}"
        edges.append(Edge(node.state, CANCELLED, path))
    packed = nodes[5]
    path = f"M{packed.x} {packed.waist}H{margin}V{cancelled.waist}H{cancelled.x}"
    edges.append(Edge(packed.state, CANCELLED, path))
    return Drawing(nodes[4].right + 8, cancelled.bottom + 8, [*nodes, cancelled], edges)


def narrow() -> Drawing:
    """One below the other, for a telephone."""
    width, height, left, top, down = 250, 40, 10, 8, 56
    nodes = [
        Node(state, left, top + index * down, width, height) for index, state in enumerate(SPINE)
    ]
    cancelled = Node(CANCELLED, left, top + len(SPINE) * down, width, height)
    edges = [
        Edge(one.state, other.state, f"M{one.middle} {one.bottom}V{other.y}")
        for one, other in pairwise(nodes)
    ]
    margin = left + width + 18
    for node in nodes[: len(CANCELLABLE)]:
        path = f"M{node.right} {node.waist}H{margin}V{cancelled.waist}H{cancelled.right}"
        edges.append(Edge(node.state, CANCELLED, path))
    return Drawing(margin + 10, cancelled.bottom + 8, [*nodes, cancelled], edges)


def _step(one: Node, other: Node) -> Edge:
    """To the right, or from the end of a row to the beginning of the next."""
    if one.y == other.y:
        return Edge(one.state, other.state, f"M{one.right} {one.waist}H{other.x}")
    between = (one.bottom + other.y) // 2
    path = f"M{one.middle} {one.bottom}V{between}H{other.middle}V{other.y}"
    return Edge(one.state, other.state, path)
