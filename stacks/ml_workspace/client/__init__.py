"""An application of the platform: it uses configuration, models and data as an identity, and has no key.

Nothing that deploys imports it. Its libraries are the dependency group `client` of pyproject.toml.
"""
