"""Who may do what: what operations ask of Azure, AWS and Graph, what each identity is granted, and whether it fits.

Everything here is pure: it looks at what a program or a deployment made, and makes nothing.
"""
