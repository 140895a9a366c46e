"""What can be wrong with a request for checks."""


class UnknownCheckError(ValueError):
    """A check was asked for that does not exist. name: the one asked for; known: the names that exist."""

    def __init__(self, *, name: str, known: tuple[str, ...]) -> None:
        self.name = name
        self.known = known
        super().__init__(f"there is no check {name!r}; the checks are {', '.join(known)}")
