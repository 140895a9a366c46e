"""The parts of the stacks' READMEs that are made from code: what a stack publishes, costs, and holds.

`python -m shared.stack_pages` writes them.
"""
