"""The report of a run as one page for a browser, which needs nothing else."""
