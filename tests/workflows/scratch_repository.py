"""A git repository with this one's files, whose real environments live on the sandbox, and `act` to run its workflows.

act runs each job in a copy of the repository; third-party actions are the ones in stand_ins. The environments keep
their state in folders of their own, as they keep it in backends of their own on GitHub.
"""

import dataclasses
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path

from shared.checks.go_tool import GoTool, built
from shared.checks.repository_files import repository_files
from shared.engine.this_machine import ThisMachine
from shared.environment.loading import REPOSITORY

ENVIRONMENTS = ("dev", "staging", "prod")
SLUG = "example/ml-platform-infra"
_HERE = Path(__file__).parent
_STAND_INS = _HERE / "stand_ins"
ACT = GoTool(name="act", package="github.com/nektos/act", module=_HERE / "module")

# What a fork fills in, and what makes an environment a simulated one.
_SIMULATED = (
    (r"^tier: .*$", "tier: sandbox"),
    (r"^simulated: false$", "simulated: true"),
    (r"^  backend: .*$", "  backend: file://.sandbox/state"),
    (r"^  plan_set_key: .*$", "  plan_set_key: null"),
    (r"^  tenant_id: null$", "  tenant_id: 5a4d0b0c-0000-4000-8000-00000000a001"),
    (r"^  subscription_id: null$", "  subscription_id: 5a4d0b0c-0000-4000-8000-00000000a002"),
    (r"^  account_id: null$", '  account_id: "000000000000"'),
    (r"^  organization_id: null$", "  organization_id: 1"),
    (r"^  repository_id: null$", "  repository_id: 2"),
)
_VARIABLES = {
    "AZURE_CLIENT_ID": "client-of-the-test",
    "AZURE_TENANT_ID": "5a4d0b0c-0000-4000-8000-00000000a001",
    "AZURE_SUBSCRIPTION_ID": "5a4d0b0c-0000-4000-8000-00000000a002",
    "AWS_ROLE_ARN": "arn:aws:iam::000000000000:role/github/of-the-test",
    "AWS_ACCOUNT_ID": "000000000000",
    "AWS_REGION": "eu-west-1",
}
# GitHub knows this key, act 0.2.89 refuses a workflow that has it. It has no queues.
_UNKNOWN_TO_ACT = re.compile(r"^ +queue: max\n", re.MULTILINE)
_USES = re.compile(r"uses: ([\w-]+/[\w-]+@[0-9a-f]{40})")
# What a step printed comes after a bar, its commands to the runner, such as ::error::, after a sign.
_LINE = re.compile(r"^\[(?P<job>[^\]]+?) *\]\s+(?:\| |❗\s+)(?P<text>.*)$")


@dataclasses.dataclass(frozen=True)
class Log:
    """What act printed. code: its exit code."""

    code: int
    text: str

    def said(self) -> list[tuple[str, str]]:
        """Return each line that a step printed, with the name of its job, in the order of the log."""
        found = (_LINE.match(line) for line in self.text.splitlines())
        return [(match["job"].split("/", 1)[1].strip(), match["text"]) for match in found if match]

    def job(self, name: str) -> list[str]:
        """Return the lines that the steps of one job printed."""
        return [text for job, text in self.said() if job == name]

    def jobs(self) -> list[str]:
        """Return the names of the jobs whose steps printed something, in the order in which they began."""
        return list(dict.fromkeys(job for job, _ in self.said()))


@dataclasses.dataclass(frozen=True)
class ScratchRepository:
    """The repository in `root`; the environments keep their things in `clouds`."""

    root: Path
    clouds: Path

    @staticmethod
    def make(folder: Path) -> "ScratchRepository":
        """Make one in `folder`, with one commit."""
        root = folder / "repository"
        for file in repository_files(REPOSITORY):
            (root / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(REPOSITORY / file, root / file)
        for name in ENVIRONMENTS:
            _rewrite(root / "environments" / f"{name}.yaml", _SIMULATED)
        for workflow in (root / ".github" / "workflows").iterdir():
            workflow.write_text(_UNKNOWN_TO_ACT.sub("", workflow.read_text()))
        scratch = ScratchRepository(root, folder / "clouds")
        scratch._git("init", "--quiet", "--initial-branch", "main")
        scratch.commit("Begin")
        return scratch

    def change(self, file: str, old: str, new: str) -> None:
        """Replace `old`, which must be there once, by `new`, and commit it."""
        path = self.root / file
        assert path.read_text().count(old) == 1, f"{old!r} is not once in {file}"
        path.write_text(path.read_text().replace(old, new))
        self.commit(f"{old} becomes {new}")

    def commit(self, message: str) -> None:
        """Commit everything."""
        self._git("add", "--all")
        self._git("commit", "--quiet", "--message", message)

    def pull_request(self, *, head: str = SLUG) -> Log:
        """Run the preview of a pull request whose branch is in the repository `head`."""
        repository = {"full_name": head}
        event = {"pull_request": {"number": 7, "head": {"repo": repository, "ref": "change"}, "base": {"ref": "main"}}}
        return self._act("pull_request", "preview.yml", event)

    def merge(self, environments: tuple[str, ...] = ENVIRONMENTS) -> Log:
        """Deploy what is on main. environments: those that are listed; for none the variable is unset."""
        return self._act("push", "deploy.yml", {"ref": "refs/heads/main"}, environments)

    def _act(
        self, trigger: str, workflow: str, event: Mapping[str, object], environments: tuple[str, ...] = ENVIRONMENTS
    ) -> Log:
        event_file = self.root.parent / "event.json"
        event_file.write_text(json.dumps(event))
        listed = {"ENVIRONMENTS": json.dumps(environments)} if environments else {}
        command = [
            *(str(built(ThisMachine(), print, ACT)), trigger, "--workflows", f".github/workflows/{workflow}"),
            *("--eventpath", str(event_file), "--defaultbranch", "main", "--no-cache-server"),
            *("--platform", "ubuntu-latest=-self-hosted", "--action-cache-path", str(self.root.parent / "act")),
            *_flags("--local-repository", self._stand_ins()),
            *_flags("--var", (f"{name}={value}" for name, value in {**_VARIABLES, **listed}.items())),
            *_flags("--env", (f"{name}={value}" for name, value in self._environment().items())),
        ]
        done = subprocess.run(
            command, cwd=self.root, env=_runner(self.root.parent), capture_output=True, text=True, check=False
        )
        return Log(done.returncode, done.stdout + done.stderr)

    def _environment(self) -> dict[str, str]:
        return {
            "GITHUB_REPOSITORY": SLUG,
            "STAND_IN_PYTHON": sys.executable,
            "SIMULATED_CLOUDS": str(self.clouds),
        }

    def _stand_ins(self) -> Iterable[str]:
        files = [path.read_text() for path in (self.root / ".github").rglob("*.yml")]
        for action in sorted({action for text in files for action in _USES.findall(text)}):
            folder = _STAND_INS / action.partition("@")[0]
            # act copies the repository itself where a job checks it out.
            if not action.startswith("actions/checkout@"):
                assert folder.is_dir(), f"{action} has no stand-in"
                yield f"{action}={folder}"

    def _git(self, *arguments: str) -> None:
        who = ["-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"]
        subprocess.run(["git", *who, *arguments], cwd=self.root, check=True, capture_output=True)


def _rewrite(path: Path, changes: Iterable[tuple[str, str]]) -> None:
    text = path.read_text()
    for pattern, new in changes:
        text, count = re.subn(pattern, new, text, flags=re.MULTILINE)
        assert count == 1, f"{pattern} is not once in {path.name}"
    path.write_text(text)


def _flags(flag: str, values: Iterable[str]) -> list[str]:
    return [word for value in values for word in (flag, value)]


def _runner(folder: Path) -> dict[str, str]:
    """Return the environment of act: the steps' shell is the stand-in, and no .actrc of the user changes the test."""
    path = os.pathsep.join([str(_STAND_INS / "bin"), os.environ["PATH"]])
    return {**os.environ, "PATH": path, "XDG_CONFIG_HOME": str(folder / "config")}
