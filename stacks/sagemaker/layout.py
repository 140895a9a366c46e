"""What lies where in the artifact bucket."""

from typing import Final

DATA: Final = "data"
"""Raw training data, written by data pipelines."""
RAW: Final = f"{DATA}/raw"
"""The part of it that the pipeline reads where nobody says otherwise."""
COMPLETE: Final = "_SUCCESS"
"""Name of the empty object that is written last: the batch of raw data in its folder is complete."""
CODE: Final = "code"
"""Scripts of the jobs, in a folder that is named by their content."""
DEFINITIONS: Final = "definitions"
"""Copies of the pipeline's definition, for audits."""
PREPARED: Final = "prepared"
"""What preprocessing makes, by execution."""
MODELS: Final = "models"
"""What training makes. Azure may read it."""
EVALUATION: Final = "evaluation"
"""What evaluation measures, by execution. The pipeline itself reads it."""

MADE_BY_JOBS: Final = (PREPARED, MODELS, EVALUATION)
READ_BY_JOBS: Final = (DATA, CODE, *MADE_BY_JOBS)
