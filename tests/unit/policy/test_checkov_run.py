"""How Checkov is run: on private files, with nobody's settings. A small program stands in for it."""

import json
import os
import stat
import sys
from pathlib import Path

import pytest

from shared.policy.arm_template import arm_template
from shared.policy.checkov_run import run_checkov
from shared.policy.errors import CheckovFailedError
from shared.policy.terraform_plan import terraform_plan
from tests.unit.policy.made_resources import account

RENDERED = (arm_template([account()]), terraform_plan([account()]))
TELLING = """#!{python}
import json, os, pathlib, sys
files = [sys.argv[i + 1] for i, word in enumerate(sys.argv) if word == "--file"]
print(json.dumps({{
    "arguments": sys.argv[1:], "variables": dict(os.environ), "folder": os.getcwd(),
    "mode": os.stat(os.getcwd()).st_mode, "files": {{f: pathlib.Path(f).read_text() for f in files}},
}}))
"""


def program(folder: Path, text: str) -> Path:
    file = folder / "python"
    file.write_text(text.format(python=sys.executable))
    file.chmod(0o700)
    return file


def test_it_gets_both_documents_in_a_folder_that_nobody_else_can_read(tmp_path: Path) -> None:
    said = json.loads(run_checkov(program(tmp_path, TELLING), RENDERED))
    assert stat.S_IMODE(said["mode"]) == 0o700
    assert [json.loads(text) for text in said["files"].values()] == [one.document for one in RENDERED]
    arguments = said["arguments"]
    assert arguments[arguments.index("--framework") + 1 :] == ["arm", "terraform_plan"]
    assert {"--skip-download", "--soft-fail"} <= set(arguments)
    assert not Path(said["folder"]).exists(), "what was rendered goes with the run"


def test_settings_and_logins_of_the_user_do_not_reach_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CKV_SKIP_CHECK", "BC_API_KEY", "PYTHONPATH", "AWS_SECRET_ACCESS_KEY", "PRISMA_API_URL"):
        monkeypatch.setenv(name, "CKV_AZURE_44")
    said = json.loads(run_checkov(program(tmp_path, TELLING), RENDERED))
    assert "CKV_AZURE_44" not in said["variables"].values()
    assert said["variables"]["HOME"] == said["folder"] != os.environ.get("HOME")
    assert said["variables"]["HTTPS_PROXY"].startswith("http://127.0.0.1:")


def test_a_crash_is_one_sentence(tmp_path: Path) -> None:
    crashing = program(tmp_path, "#!{python}\nimport sys\nsys.exit('it broke')\n")
    with pytest.raises(CheckovFailedError, match="ended with code 1: it broke"):
        run_checkov(crashing, RENDERED)


def test_a_program_that_is_not_there_is_one_sentence(tmp_path: Path) -> None:
    with pytest.raises(CheckovFailedError, match="cannot be run"):
        run_checkov(tmp_path / "nowhere", RENDERED)
