"""Who may do what, as people reviewed it: tests compare each program's grants with this; docs/permissions.md shows it.

A grant that is wider or narrower than its row here fails. Whoever changes a grant changes its row, and says why.
"""
