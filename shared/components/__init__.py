"""Building blocks of the stacks: one concern each."""
