"""What the budgets are, and what this machine makes of them: each against a baseline in the same run."""
