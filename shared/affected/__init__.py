"""Who a change touches: what a stack is made of, and how two states of the repository differ in that.

`fingerprint.fingerprint` and `contract_reads.contract_reads` look at one stack, a `snapshot.Snapshot` at many;
`fingerprint_model.differences` compares, `since.affected_since` compares with a commit. Nothing is imported here: most
commands need no more than the errors.
"""
