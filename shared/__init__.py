"""What the stacks and the tasks share: contracts, environments, names, components, engine, orchestration, sandbox."""
