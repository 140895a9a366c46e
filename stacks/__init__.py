"""The stacks: one folder, one Pulumi project each. A stack never imports another."""
