"""Small objects beside Pulumi's state, in the backend of the environment: what runs must know of each other.

`opening` opens the store of a backend URL, `deployed` keeps what each stack was deployed from.
"""
