"""No committed file names a package index, a path of somebody's machine, or a secret in clear.

A fork behind its own mirror must work unchanged, so nothing may name an index. The patterns are written so that this
file passes its own check. Findings tell the place and the rule, never the text: it may be a secret.
"""

import dataclasses
import re
from collections.abc import Iterator
from pathlib import Path

from shared.checks.repository_files import repository_files
from shared.checks.result import CheckResult, failed, passed

# Blanks stand for dots: no host is spelled out here.
_INDEX_HOSTS = (
    "pypi org|pythonhosted org|npmjs (com|org)|registry npmjs|registry yarnpkg|proxy golang org|sum golang org|"
    "(static|index) crates io|rubygems org|repo1? maven|conda anaconda org"
).replace(" ", r"\.")


@dataclasses.dataclass(frozen=True)
class Rule:
    """Text that no file may hold. problem: what is wrong with it; pattern: found anywhere in a file."""

    problem: str
    pattern: re.Pattern[str]


RULES = (
    Rule("names the host of a package index", re.compile(rf"(?i)(?<![\w-])({_INDEX_HOSTS})\b")),
    Rule(
        "names a path of one machine",
        re.compile(r"(?<![\w.~$}>*/-])/(?:root/|work/|tmp/\w|home/\w|Users/\w)|\b[A-Z]:\\{1,2}Users\\"),
    ),
    Rule("holds a private key", re.compile(r"-{5}BEGIN (?:[A-Z]+ )*PRIVATE KEY-{5}")),
    # Access key ids: AWS IAM User Guide, "IAM identifiers"; the one that Amazon uses in its examples is no secret.
    Rule("holds an AWS access key", re.compile(r"\b(?:AKIA|ASIA)(?!IOSFODNN7EXAMPLE)[A-Z0-9]{16}\b")),
    Rule(
        "holds an AWS secret key",
        re.compile(
            r"(?i)secret_?access_?key[\"']?[ \t]*[:=][ \t]*[\"']?(?!\S*EXAMPLEKEY)[A-Za-z0-9/+]{40}(?![A-Za-z0-9/+])"
        ),
    ),
    # 64 bytes in base64, as the integrity values of npm locks are, which say so before it.
    Rule("holds an Azure storage key", re.compile(r"(?<![A-Za-z0-9+/])(?<!sha512-)[A-Za-z0-9+/]{86}==")),
    Rule("holds a signed storage address", re.compile(r"[?&]sig=[\w%+/=-]{40,}")),
    Rule("holds an Entra client secret", re.compile(r"(?<![\w~.-])[\w~.-]{3}\dQ~[\w~.-]{31,34}(?![\w~.-])")),
    # Token formats: GitHub Docs, "GitHub's token formats".
    Rule("holds a GitHub token", re.compile(r"\b(?:gh[pousr]_\w{36}|github_pat_\w{22})")),
    Rule("holds a Pulumi access token", re.compile(r"\bpul-[0-9a-f]{40}\b")),
    Rule("holds a signed token", re.compile(r"\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]{10,}")),
    # A password for a host that RFC 2606 reserves for examples and tests opens nothing.
    Rule(
        "holds an address with a password",
        re.compile(
            r"://[^\s/:@{}$%\"'`]+:[^\s/:@{}$%\"'`]+@"
            r"(?!(?:[\w-]+\.)*(?:example(?:\.(?:com|net|org))?|test|invalid)(?![\w.-]))[\w\[]"
        ),
    ),
)


def find_forbidden(text: str, rules: tuple[Rule, ...] = RULES) -> Iterator[tuple[int, str]]:
    """Yield the line, counted from 1, and the problem of everything in `text` that no file may hold."""
    for rule in rules:
        for match in rule.pattern.finditer(text):
            yield text.count("\n", 0, match.start()) + 1, rule.problem


def check_forbidden_text(root: Path) -> CheckResult:
    """Check every file of the repository. Bytes that are no UTF-8 are read past, not skipped."""
    findings = [
        f"{path.as_posix()}:{line}: {problem}"
        for path in repository_files(root)
        for line, problem in sorted(find_forbidden((root / path).read_text(encoding="utf-8", errors="replace")))
    ]
    if not findings:
        return passed()
    return failed(findings, fix="remove the text; a secret that was ever committed or pushed must also be replaced")
