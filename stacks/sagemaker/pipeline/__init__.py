"""The definition of the training pipeline: typed steps, the pipeline made of them, and its validation."""
