"""What this package refuses to guess."""


class UnknownGrantError(Exception):
    """A grant is written in a way that is not understood. where: which grant; what: the part that is unknown."""

    def __init__(self, *, where: str, what: str) -> None:
        self.where = where
        self.what = what
        super().__init__(f"{where}: {what} is not understood; teach shared/permissions about it")


class UnknownTypeError(Exception):
    """Nothing is known of the calls of a resource type. token: the type; table: the file that must name it."""

    def __init__(self, *, token: str, table: str) -> None:
        self.token = token
        self.table = table
        super().__init__(f"{token}: its calls are not known; add them to {table}")
