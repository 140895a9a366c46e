"""What no committed file may hold. Every example is put together here, so that this file passes the check itself."""

import subprocess
from pathlib import Path

import pytest

from shared.checks.forbidden_text import check_forbidden_text, find_forbidden
from shared.checks.result import CheckResult
from tests.unit.checks.conftest import REPOSITORY

INDEX = "names the host of a package index"
PATH = "names a path of one machine"
KEY64 = "Ab3/" * 21 + "xY" + "=="
FORBIDDEN = [
    (INDEX, "https://" + "pypi" + ".org/simple"),
    (INDEX, "files." + "pythonhosted" + ".org"),
    (INDEX, "HTTPS://" + "PyPI" + ".org"),
    (INDEX, "https://registry" + ".npmjs" + ".org/"),
    (INDEX, "GOPROXY=https://proxy" + ".golang" + ".org"),
    (INDEX, "https://static" + ".crates" + ".io"),
    (PATH, "cd " + "/root" + "/project"),
    (PATH, '"' + "/work" + '/main"'),
    (PATH, "see /" + "tmp" + "/notes.txt"),
    (PATH, "/home" + "/alice/clone"),
    (PATH, "/Users" + "/alice/clone"),
    (PATH, "C:" + "\\Users\\alice"),
    ("holds a private key", "-----BEGIN " + "PRIVATE KEY-----"),
    ("holds a private key", "-----BEGIN RSA " + "PRIVATE KEY-----"),
    ("holds an AWS access key", "AKIA" + "ABCDEFGHIJKLMNOP"),
    ("holds an AWS access key", "ASIA" + "ABCDEFGHIJKLMN23"),
    ("holds an AWS secret key", "aws_secret_access_key = " + "aB3/" * 10),
    ("holds an AWS secret key", '"SecretAccessKey": "' + "aB3/" * 10 + '"'),
    ("holds an Azure storage key", "AccountKey=" + KEY64),
    ("holds a signed storage address", "https://a.blob.core.windows.net/c?sv=1&sig=" + "aB3%2F" * 8),
    ("holds an Entra client secret", "abc8" + "Q~" + "aB3_.-~" * 4 + "abcdef"),
    ("holds a GitHub token", "ghp" + "_" + "aB3" * 12),
    ("holds a GitHub token", "github_pat" + "_" + "aB3" * 20),
    ("holds a Pulumi access token", "pul" + "-" + "0a" * 20),
    ("holds a signed token", "eyJ" + "hbGciOiJub25l" + ".eyJ" + "zdWIiOiIxMjM0" + ".c2lnbmF0dXJlYQ"),
    ("holds an address with a password", "postgres://" + "user:hunter2" + "@database/x"),
    ("holds an address with a password", "https://" + "user:hunter2" + "@mirror.example.io/x"),
]
ALLOWED = [
    "from the Python Package Index, or from a mirror",
    "github.com/pulumi/pulumi/pkg/v3 golang.org/x/net",
    "https://example.org/work/item and /opt/ml/work/x and ~/work/ and $HOME/work/",
    "arn:aws:iam::111122223333:root",
    "/worker/x /rooted/y",
    "AKIA" + "IOSFODNN7EXAMPLE",
    "sha512-" + KEY64,
    "secure: v1:aBcDeF0123456789:aB3/" + "aB3/" * 10,
    "https://user@example.org/x and f'https://{user}:{password}@host'",
    "https://" + "me:hunter2" + "@mirror.example/go and https://" + "me:hunter2" + "@www.example.org",
    "-----BEGIN PUBLIC KEY-----",
]


@pytest.mark.parametrize(("problem", "text"), FORBIDDEN)
def test_what_is_forbidden_is_found(problem: str, text: str) -> None:
    assert list(find_forbidden(f"first line\nbefore {text} after\n")) == [(2, problem)]


@pytest.mark.parametrize("text", ALLOWED)
def test_what_only_looks_like_it_is_not(text: str) -> None:
    assert list(find_forbidden(text)) == []


def test_a_finding_names_file_and_line_but_not_the_text(repository: Path) -> None:
    secret = "ghp" + "_" + "aB3" * 12
    (repository / "docs.md").write_text(f"one\ntwo {secret}\n")

    result = check_forbidden_text(repository)

    assert result.detail == "docs.md:2: holds a GitHub token"
    assert secret not in str(result)


def test_bytes_that_are_no_text_hide_nothing(repository: Path) -> None:
    (repository / "data.bin").write_bytes(b"\xff\xfe\x00" + b"AKIA" + b"ABCDEFGHIJKLMNOP")

    assert check_forbidden_text(repository).detail == "data.bin:1: holds an AWS access key"


def test_what_git_ignores_is_not_looked_at_and_what_is_new_is(repository: Path) -> None:
    subprocess.run(["git", "init", "-q"], cwd=repository, check=True)
    (repository / ".gitignore").write_text("ignored.txt\n.venv\n")
    for name in ("ignored.txt", "new.txt"):
        (repository / name).write_text("AKIA" + "ABCDEFGHIJKLMNOP")

    assert check_forbidden_text(repository).detail == "new.txt:1: holds an AWS access key"


def test_without_git_the_folders_of_tools_are_left_out(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    for folder in (".sandbox", ".ruff_cache", "docs"):
        (repository / folder).mkdir()
        (repository / folder / "x.txt").write_text("AKIA" + "ABCDEFGHIJKLMNOP")

    assert check_forbidden_text(repository).detail == "docs/x.txt:1: holds an AWS access key"


def test_this_repository_passes() -> None:
    assert check_forbidden_text(REPOSITORY) == CheckResult(ok=True)
