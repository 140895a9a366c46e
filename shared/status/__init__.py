"""How an environment is, told from its state backend alone: no engine and no cloud is asked."""
