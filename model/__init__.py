"""The simulated world: people, ties, weeks, and ways of leading.

The public names are `LearningNetwork`, `Parameters` and `Region` in the modules of the same subject; nothing is computed here.
"""
