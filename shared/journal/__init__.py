"""What runs did, kept in the state backend of their environment, so that any machine can go on with a run that died.

Objects of a run, under `runs/<environment>/<run id>/` in shared.state_store: `plan-set` (what was approved, sealed),
`run.json` (the record; with it the run exists), `events/<number>-<stack>-<state>.json` (one per transition, written
before the next step) and `ended.json`. They hold names, numbers and sentences, no property values and no secrets.
"""
