"""The plan set: the previews of all stacks of an environment in one encrypted file, bound to what they were made from.

`archive` writes and reads the file, `binding` compares it with what is now (docs/adr/0016).
"""
