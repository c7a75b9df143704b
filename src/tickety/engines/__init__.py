"""How ready steps get to workers: implementations of the engine port."""
