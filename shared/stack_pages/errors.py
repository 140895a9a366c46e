"""What keeps a page from being made."""


class UnpricedTypeError(Exception):
    """A program declares a type of resource of which nobody said what it costs. type is a field."""

    def __init__(self, *, type: str) -> None:  # noqa: A002 - a resource's type is its type
        self.type = type
        super().__init__(
            f"{type} has no price; say in shared/stack_pages/prices.py what it costs by the month or by use, "
            "or that it is free"
        )
