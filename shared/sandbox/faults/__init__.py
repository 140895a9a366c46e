"""Faults of the simulated clouds, as a file in the state folder says: slow answers, errors, hangs and kills."""
