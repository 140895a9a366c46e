"""What a run that died left locked or half done is put right, before the next one begins.

Only for who holds the environment's lease: by that the other run is known to be dead.
"""
