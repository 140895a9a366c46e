"""Rounds of a life in which every run is killed, and every one of them is gone on with."""

import dataclasses
import shutil
from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import Final, Literal

from tests.kills.estate import in_clouds, in_states, left_over, operations, twins
from tests.kills.killed_platform import LOST, elsewhere, killed_platform, write_variant
from tests.kills.killing import VICTIMS, RunningCommand, Victim
from tests.sandbox.faults_file import write_faults
from tests.sandbox.killed_runs import engines, until
from tests.sandbox.platform_copy import Answer

Doing = Literal["deploy", "change", "destroy"]

_SLOW: Final = {"scale": 1, "seconds": {"*": {"create": 0.4, "update": 0.4, "delete": 0.4, "read": 0}}}
_AT_WORK: Final = 0.8
_UNCHANGED: Final[dict[str, str]] = {"ground": "unchanged", "network": "unchanged", "app": "unchanged"}
_DONE: Final[Mapping[Doing, dict[str, str]]] = {"deploy": _UNCHANGED, "change": _UNCHANGED, "destroy": {}}


@dataclasses.dataclass(frozen=True, kw_only=True)
class Round:
    """One run that was killed.

    after: seconds, from_work: since the first stack was worked on. from_elsewhere: whether another checkout went on.
    half_done: how many operations of clouds were interrupted and had to be resolved.
    """

    number: int
    doing: Doing
    victim: Victim
    slow: bool
    after: float
    from_work: bool
    from_elsewhere: bool
    hit: bool
    half_done: int = 0

    def __str__(self) -> str:
        """Return it for people, so that it can be played again."""
        where = "elsewhere" if self.from_elsewhere else "here"
        since = "of work" if self.from_work else "in all"
        clouds = "slow clouds" if self.slow else "quick clouds"
        how = f"{self.victim} killed after {self.after:.2f} s {since}"
        return f"round {self.number}: {self.doing}, {how}, {clouds}, {where}, {self.half_done} half done"


class Life:
    """A sandbox whose runs are killed. seed: of everything that is left to chance."""

    def __init__(self, folder: Path, seed: int) -> None:
        self._folder = folder
        self._seed = seed
        self._platform = killed_platform(folder)
        self._variant = 0
        self._longest: dict[tuple[Doing, bool, bool], float] = {}
        first = self._platform.run("deploy", "--yes")
        assert first.code == 0, first.stderr
        self._deployed = True

    def play(self, number: int) -> Round:
        """Play one round, and fail where anything of what must hold afterwards does not."""
        random = Random(f"{self._seed}-{number}")  # noqa: S311  no secret
        doing: Doing = random.choice(["change", "destroy"]) if self._deployed else "deploy"
        slow, victim, from_elsewhere = random.random() < 0.5, random.choice(VICTIMS), random.random() < 0.5
        from_work = random.random() < _AT_WORK
        longest = self._longest.get((doing, slow, from_work), 6.0 if slow else 3.0)
        played = Round(
            number=number,
            doing=doing,
            victim=victim,
            slow=slow,
            after=random.uniform(0, longest),
            from_work=from_work,
            from_elsewhere=from_elsewhere,
            hit=False,
        )
        before = len(operations(self._platform.state))
        hit, words = self._killed(played, random)
        played = dataclasses.replace(played, hit=hit)
        # So that chance spreads over as long as a run takes here today.
        self._longest[doing, slow, from_work] = longest * (1.1 if hit else 0.8)
        said, following = self._gone_on(played)
        self._deployed = doing != "destroy"
        self._judge(played, before, following, f"{words}\n--- and then:\n{said.stdout}{said.stderr}")
        return dataclasses.replace(played, half_done=said.stderr.count(" was interrupted: "))

    def _killed(self, played: Round, random: Random) -> tuple[bool, str]:
        if played.doing == "change":
            self._variant = 1 - self._variant
            write_variant(self._platform, self._variant)
        write_faults(self._platform.state, latency=_SLOW if played.slow else None)
        command = RunningCommand(self._platform, self._folder / "words", *_arguments(played.doing))
        hit = command.killed(played.victim, random, after=played.after, from_work=played.from_work)
        write_faults(self._platform.state)
        return hit, command.words

    def _gone_on(self, played: Round) -> tuple[Answer, dict[str, str]]:
        """Go on with the last run; where it was killed before it began anything, the same command begins it.

        Returns what was said, and what the next preview says.
        """
        here = self._platform
        place = elsewhere(here, self._folder / "elsewhere") if played.from_elsewhere else here
        try:
            answer = place.run("resume", "--yes", "--confirm", LOST)
            following = self._next(played)
            if answer.code == 0 and following != _DONE[played.doing]:
                begun = place.run(*_arguments(played.doing))
                answer = dataclasses.replace(begun, stderr=f"{answer.stderr}{begun.stderr}")
                following = self._next(played)
        finally:
            shutil.rmtree(self._folder / "elsewhere", ignore_errors=True)
        return answer, following

    def _next(self, played: Round) -> dict[str, str]:
        """Return what the next preview says; of a destruction, what is left."""
        if played.doing == "destroy":
            return dict(in_states(self._platform.state))
        return self._platform.run("preview", "--all", "--json").results

    def _judge(self, played: Round, before: int, following: Mapping[str, str], words: str) -> None:
        until(lambda: not engines(self._platform), 30)
        state = self._platform.state
        here, there = in_states(state), in_clouds(state)
        problems = left_over(self._platform)
        problems += [f"{one} is in the clouds only" for one in there if one not in here]
        problems += [f"{one} is in the state only" for one in here if one not in there]
        problems += [f"{one} is in the state twice" for one in set(here) if here.count(one) > 1]
        if following != _DONE[played.doing]:
            problems += [f"the next preview says {following}"]
        kinds = [token for token, _ in here]
        problems += [
            f"{token} was created {count} times"
            for token, count in twins(state, before).items()
            if count > kinds.count(token)
        ]
        assert not problems, "\n".join([f"seed {self._seed}, {played}", *problems, words])


def _arguments(doing: Doing) -> tuple[str, ...]:
    return ("destroy", "--yes") if doing == "destroy" else ("deploy", "--yes", "--confirm", LOST)
