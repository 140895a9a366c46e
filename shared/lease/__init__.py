"""One writer per environment: an object in its state backend says who works on it.

`taking` takes it, `lease` keeps it, `unlocking` takes it from a dead owner. See docs/adr/0021.
"""
