"""Why an environment cannot be worked on now."""


class LeaseHeldError(Exception):
    """Somebody else works on the environment.

    owner: user, host and process; since: when that began, UTC; command: which one; run: its id, empty before it has
    begun; fix: what to do.
    """

    def __init__(self, *, environment: str, owner: str, since: str, command: str, run: str, fix: str) -> None:
        self.environment = environment
        self.owner = owner
        self.since = since
        self.command = command
        self.run = run
        self.fix = fix
        which = f" (run {run})" if run else ""
        super().__init__(f"{environment} is locked: {owner} has been at {command} since {since}{which}; {fix}")


class LeaseUnreadableError(Exception):
    """The object that says who works on the environment cannot be read. object_name: in the state backend."""

    def __init__(self, *, environment: str, object_name: str) -> None:
        self.environment = environment
        self.object_name = object_name
        super().__init__(
            f"{environment} is locked by nobody knows whom: .ml-platform/{object_name} in its state backend is damaged "
            f"or of a newer version of this program; once nobody works on it, run unlock --env {environment}"
        )
