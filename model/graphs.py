"""The network as a networkx graph, for export and for small graphs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import networkx as nx

from model.names import fictional_name
from model.region import Role
from model.ties import Origin, tie_table

if TYPE_CHECKING:
    from model.learning_network import LearningNetwork


def to_networkx(model: LearningNetwork) -> nx.DiGraph[int]:
    """Everybody as a node and every tie as an edge ego → alter, with attributes of plain types that GraphML can hold.

    Nodes carry a fictional name, role, school, team, fte and energy; edges strength, born, held_until (0 where not held) and origin.
    """
    graph: nx.DiGraph[int] = nx.DiGraph(week=model.week)
    region, people = model.region, model.world.people
    for row in range(region.people):
        graph.add_node(
            row,
            name=fictional_name(row, int(people.spell[row])),
            role=Role(int(region.role[row])).name.lower(),
            school=int(region.school[row]),
            team=int(region.team[row]),
            fte=float(people.fte[row]),
            energy=float(people.energy[row]),
        )
    columns = {name: column.tolist() for name, column in tie_table(model.world.ties).items()}
    for k, (ego, alter) in enumerate(zip(columns["ego"], columns["alter"], strict=True)):
        graph.add_edge(
            ego,
            alter,
            strength=columns["strength"][k],
            born=columns["born"][k],
            held_until=max(0, columns["held_until"][k]),
            origin=Origin(columns["origin"][k]).name.lower(),
        )
    return graph
