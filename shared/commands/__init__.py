"""What the tasks do: one module per command, without anything of Invoke."""
