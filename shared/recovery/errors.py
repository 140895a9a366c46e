"""Why a stack that somebody else locked cannot be worked on."""


class EngineLockedError(Exception):
    """A stack is locked by an engine that no dead run of ours began, or that does not end.

    environment, stack: which; owner: who, on which machine; since: when; fix: a sentence.
    """

    def __init__(self, *, environment: str, stack: str, owner: str, since: str, fix: str) -> None:
        self.environment = environment
        self.stack = stack
        self.owner = owner
        self.since = since
        self.fix = fix
        super().__init__(f"{stack} of {environment} is locked by {owner} since {since}; {fix}")
