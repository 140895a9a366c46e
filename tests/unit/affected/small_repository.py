"""A git repository with two small stacks, one of which reads from the other."""

import dataclasses
import subprocess
from pathlib import Path

from tests.unit.affected.changed_files import write

_MODEL = """class Section: ...
class Storage(Section):
    sku: str
    days: int
class Environment(Section):
    platform: str
    storage: Storage
"""
_CONTRACTS = """class StackOutputs: ...
class LowerOutputs(StackOutputs, stack="lower"):
    group: str
class UpperOutputs(StackOutputs, stack="upper"):
    name: str
"""
_LOWER = '''"""Makes a group."""
import pulumi_aws
from contracts import LowerOutputs
from shared.environment import Environment
from shared.naming import name
def program(env: Environment) -> LowerOutputs:
    return LowerOutputs(group=name(env, "group"))
'''
_UPPER = '''"""Makes something in it."""
from contracts import LowerOutputs, UpperOutputs
from shared.environment import Environment
from shared.naming import name
from shared.parts import part
def program(env: Environment, lower: LowerOutputs) -> UpperOutputs:
    return UpperOutputs(name=name(env, part(env.storage.sku, lower.group)))
'''
FILES = {
    "README.md": "# A platform\n",
    "contracts.py": _CONTRACTS,
    "environments/dev.yaml": "platform: mlp\nstorage:\n  sku: LRS\n  days: 7\n",
    "environments/prod.yaml": "platform: mlp\nstorage:\n  sku: ZRS\n  days: 30\n",
    "requirements/project.txt": "pulumi-aws==7.51.1 \\\n    --hash=sha256:0\nruff==0.15.0\n",
    "shared/environment/__init__.py": "from shared.environment.model import Environment\n",
    "shared/environment/model.py": _MODEL,
    "shared/naming.py": 'def name(env: "Environment", purpose: str) -> str:\n    return f"{env.platform}-{purpose}"\n',
    "shared/parts.py": "def part(sku: str, group: str) -> str:\n    return sku + group\n",
    "shared/elsewhere.py": "X = 1\n",
    "stacks/lower/Pulumi.yaml": "name: lower\nruntime: python\n",
    "stacks/lower/__main__.py": "from stacks.lower.program import program\n",
    "stacks/lower/program.py": _LOWER,
    "stacks/upper/Pulumi.yaml": "name: upper\nruntime: python\n",
    "stacks/upper/__main__.py": "from stacks.upper.program import program\n",
    "stacks/upper/program.py": _UPPER,
    "stacks/upper/some table.csv": "a,b\n",
}
FILES["shared/naming.py"] = "from shared.environment import Environment\n" + FILES["shared/naming.py"]


@dataclasses.dataclass(frozen=True)
class SmallRepository:
    """The repository in `root`, with one commit that is tagged `before`."""

    root: Path

    @classmethod
    def make(cls, root: Path) -> "SmallRepository":
        """Make it."""
        made = cls(write(root, FILES))
        made.git("init", "--quiet", "--initial-branch=main")
        made.commit()
        made.git("tag", "before")
        return made

    def git(self, *arguments: str) -> str:
        """Run git."""
        identity = ("-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false")
        done = subprocess.run(["git", *identity, *arguments], cwd=self.root, check=True, capture_output=True, text=True)
        return done.stdout

    def commit(self) -> None:
        """Commit everything."""
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message=change")

    def change(self, **texts: str) -> None:
        """Put text at the end of files, whose names have __ for slashes and no .py; new ones are made."""
        for name, text in texts.items():
            file = self.root / f"{name.replace('__', '/')}.py"
            file.parent.mkdir(parents=True, exist_ok=True)
            with file.open("a", encoding="utf-8") as stream:
                stream.write(text)

    def replace(self, path: str, old: str, new: str) -> None:
        """Replace text in a file."""
        text = (self.root / path).read_text(encoding="utf-8")
        assert old in text
        (self.root / path).write_text(text.replace(old, new), encoding="utf-8")
