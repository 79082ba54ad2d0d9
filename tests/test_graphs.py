"""The network as a networkx graph."""

from __future__ import annotations

from pathlib import Path

import networkx as nx

from model.learning_network import LearningNetwork


def test_a_graph_holds_everybody_and_every_tie(tmp_path: Path) -> None:
    world = LearningNetwork(rng=3, grow_weeks=10)
    graph = world.to_networkx()
    ties = world.ties()
    assert graph.number_of_nodes() == world.region.people
    assert set(graph.edges) == set(zip(ties["ego"].tolist(), ties["alter"].tolist(), strict=True))
    path = tmp_path / "network.graphml"
    nx.write_graphml(graph, path)
    again = nx.read_graphml(path, node_type=int)
    assert set(again.edges) == set(graph.edges)
    assert again.nodes[0]["name"] == world.at(0).name
