"""What goes wrong with names that stay reserved."""


class NamesReservedError(Exception):
    """A deployment would create what a deleted resource holds the name of. names: these; sentences: one for each."""

    def __init__(self, *, names: tuple[str, ...], sentences: tuple[str, ...]) -> None:
        self.names = names
        self.sentences = sentences
        super().__init__("; ".join(sentences))


class PurgeError(Exception):
    """A purge failed. service and name: of what; reason: what the cloud answered."""

    def __init__(self, *, service: str, name: str, reason: str) -> None:
        self.service = service
        self.name = name
        self.reason = reason
        super().__init__(f"the {service} {name} could not be purged: {reason}")


class RegisterError(Exception):
    """A cloud did not say which names are reserved. what: of which service; reason: its answer."""

    def __init__(self, *, what: str, reason: str) -> None:
        self.what = what
        self.reason = reason
        super().__init__(f"nobody could say whether the name of {what} is reserved: {reason}")
