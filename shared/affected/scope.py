"""What the names of a function mean while it runs."""

import dataclasses

from shared.affected.atoms import NOTHING, ClassRef, Kinds


@dataclasses.dataclass(kw_only=True)
class Scope:
    """Names of a function, a lambda or a comprehension; below it, those around it.

    A name means everything that is ever bound to it: what branch was taken, the text does not say.
    returns: what the function says it returns; owner: the class it belongs to.
    """

    module: str
    owner: ClassRef | None = None
    returns: Kinds = NOTHING
    around: "Scope | None" = None
    names: dict[str, Kinds] = dataclasses.field(default_factory=dict[str, Kinds])

    def find(self, name: str) -> Kinds | None:
        """Return what `name` means, None where no function around binds it."""
        if name in self.names:
            return self.names[name]
        return self.around.find(name) if self.around else None

    def bind(self, name: str, kinds: Kinds) -> None:
        """Let `name` mean `kinds` too."""
        self.names[name] = self.names.get(name, NOTHING) | kinds

    def inner(self, *, returns: Kinds | None = None) -> "Scope":
        """Return a scope inside this one. returns: those of another function, if it is one."""
        return Scope(
            module=self.module,
            owner=self.owner,
            returns=self.returns if returns is None else returns,
            around=self,
        )
