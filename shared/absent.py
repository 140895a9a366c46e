"""The marker of an output that is deliberately absent."""

# The engine drops null outputs, so such an output is published as this text.
ABSENT = "(absent)"
