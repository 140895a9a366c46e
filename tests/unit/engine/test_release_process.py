"""The process that downloads the official release, without a network."""

import io
import socket
import subprocess
import urllib.error
import urllib.request

import pulumi.automation
import pytest

from shared.engine.release_process import main


def failing(error: Exception) -> object:
    def act(*_positional: object, **_named: object) -> None:
        raise error

    return act


def test_the_probe_succeeds_where_the_site_answers_and_does_not_wait_long(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[str, float]] = []

    def answer(address: str, *, timeout: float) -> io.BytesIO:
        asked.append((address, timeout))
        return io.BytesIO(b"#!/bin/sh")

    monkeypatch.setattr(urllib.request, "urlopen", answer)
    assert main(["probe"]) == 0
    assert asked == [("https://get.pulumi.com/install.sh", 5)]


@pytest.mark.parametrize(
    ("error", "problem"),
    [
        (urllib.error.URLError(socket.gaierror(-2, "Name or service not known")), "Name or service not known"),
        (TimeoutError("timed out"), "timed out"),
    ],
)
def test_the_probe_tells_why_the_site_does_not_answer(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: Exception, problem: str
) -> None:
    monkeypatch.setattr(urllib.request, "urlopen", failing(error))
    assert main(["probe"]) == 1
    said = capsys.readouterr().err
    assert said.startswith("get.pulumi.com cannot be reached: ")
    assert problem in said


def test_the_release_of_the_sdk_is_installed_into_the_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    roots: list[object] = []

    def install(**named: object) -> None:
        roots.append(named)

    monkeypatch.setattr(pulumi.automation.PulumiCommand, "install", install)
    assert main(["install", "/the/folder"]) == 0
    assert roots == [{"root": "/the/folder"}]


@pytest.mark.parametrize(
    ("error", "problem"),
    [
        (subprocess.CalledProcessError(7, ["sh"], output=b"one\nno space left\n"), "code 7: one / no space left"),
        (subprocess.CalledProcessError(7, ["sh"]), "the installation script ended with code 7"),
        (urllib.error.URLError("no route"), "no route"),
    ],
)
def test_why_an_installation_failed_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], error: Exception, problem: str
) -> None:
    monkeypatch.setattr(pulumi.automation.PulumiCommand, "install", failing(error))
    assert main(["install", "/the/folder"]) == 1
    assert problem in capsys.readouterr().err


@pytest.mark.parametrize("arguments", [[], ["install"], ["remove", "all"]])
def test_other_arguments_are_refused(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(arguments) == 1
    assert "install FOLDER" in capsys.readouterr().err
