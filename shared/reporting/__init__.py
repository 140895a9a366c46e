"""What happened in a run: one model, several renderings."""
