"""The scripts run as SageMaker runs them: with the definition's command lines, channels and folders."""

import ast
import json
import random
import subprocess
import sys
import tarfile
from pathlib import Path
from typing import Any

import pytest

import stacks.sagemaker.training_code as code
from tests.unit.sagemaker.definitions import document, step

SCRIPTS = Path(code.__file__).parent / "scripts"


class Container:
    """One job: its folders below a temporary one, in place of /opt/ml."""

    def __init__(self, root: Path, name: str) -> None:
        self.root = root
        self.arguments: dict[str, Any] = step(document(), name)["Arguments"]

    def path(self, text: str) -> Path:
        return Path(text.replace("/opt/ml", str(self.root)))

    def put(self, folder: str, files: dict[str, bytes]) -> None:
        self.path(folder).mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            (self.path(folder) / name).write_bytes(content)

    def run(self, *, code_folder: str) -> "subprocess.CompletedProcess[str]":
        self.put(code_folder, {name: (SCRIPTS / name).read_bytes() for name in code.SCRIPTS})
        specification = self.arguments.get("AppSpecification") or self.arguments["AlgorithmSpecification"]
        program, script = specification["ContainerEntrypoint"]
        assert program == "python3"
        command = [
            str(self.path(text)) if text.startswith("/opt/ml") else text for text in specification["ContainerArguments"]
        ]
        # Isolated: what the training image has is the standard library.
        return subprocess.run(
            [sys.executable, "-I", str(self.path(script)), *command], capture_output=True, text=True, check=False
        )

    def source(self, name: str) -> str:
        found = {each["InputName"]: each["S3Input"]["LocalPath"] for each in self.arguments["ProcessingInputs"]}
        return found[name]

    def target(self, name: str) -> Path:
        outputs = self.arguments["ProcessingOutputConfig"]["Outputs"]
        return self.path({each["OutputName"]: each["S3Output"]["LocalPath"] for each in outputs}[name])


def _raw(rows: int, *, noise: float) -> bytes:
    numbers = random.Random(7)  # noqa: S311 - data for a test
    lines = ["label,a,b,c"]
    for _ in range(rows):
        a, b, c = (numbers.gauss(0, 1) for _ in range(3))
        label = int(2 * a - b + numbers.gauss(0, noise) > 0)
        lines.append(f"{label},{a * 100 + 5},{b},{c}")
    return "\n".join([*lines, "1,,2,3", "2,1,1,1", "1,nan,1,1", "0,1"]).encode()


def _preprocess(root: Path, raw: bytes) -> "tuple[Container, subprocess.CompletedProcess[str]]":
    container = Container(root / "preprocess", "Preprocess")
    container.put(container.source("raw"), {"part-0.csv": raw})
    return container, container.run(code_folder=container.source("code"))


def _train(root: Path, train: bytes, **changed: str) -> "tuple[Container, subprocess.CompletedProcess[str]]":
    container = Container(root / "train", "Train")
    container.put("/opt/ml/input/data/train", {"train.csv": train})
    parameters = {**container.arguments["HyperParameters"], **changed}
    container.put("/opt/ml/input/config", {"hyperparameters.json": json.dumps(parameters).encode()})
    return container, container.run(code_folder="/opt/ml/input/data/code")


def _evaluate(root: Path, model: Path, test: bytes) -> "tuple[Container, subprocess.CompletedProcess[str]]":
    container = Container(root / "evaluate", "Evaluate")
    container.put(container.source("test"), {"test.csv": test})
    folder = container.path(container.source("model"))
    folder.mkdir(parents=True)
    with tarfile.open(folder / "model.tar.gz", "w:gz") as archive:
        for path in sorted(model.iterdir()):
            archive.add(path, arcname=path.name)
    return container, container.run(code_folder=container.source("code"))


def _whole(root: Path, *, noise: float) -> float:
    prepared, done = _preprocess(root, _raw(600, noise=noise))
    assert done.returncode == 0, done.stderr
    assert "5 left out" in done.stdout
    train = (prepared.target("train") / "train.csv").read_bytes()
    test = (prepared.target("test") / "test.csv").read_bytes()
    assert 0.15 < test.count(b"\n") / 600 < 0.25
    assert not set(train.splitlines()) & set(test.splitlines())
    trained, done = _train(root, train)
    assert done.returncode == 0, done.stderr
    evaluated, done = _evaluate(root, trained.path("/opt/ml/model"), test)
    assert done.returncode == 0, done.stderr
    (file,) = step(document(), "Evaluate")["PropertyFiles"]
    report = json.loads((evaluated.target(file["OutputName"]) / file["FilePath"]).read_text())
    return _at(report, step(document(), "CheckAuc")["Arguments"]["Conditions"][0]["LeftValue"]["Std:JsonGet"]["Path"])


def _at(report: Any, path: str) -> float:
    for key in path.split("."):
        report = report[key]
    return report


def test_a_model_learns_what_is_in_the_data(tmp_path: Path) -> None:
    assert _whole(tmp_path, noise=0.3) > 0.95


def test_a_model_of_noise_is_no_better_than_chance(tmp_path: Path) -> None:
    assert 0.3 < _whole(tmp_path, noise=1000) < 0.7


def test_the_same_data_give_the_same_model(tmp_path: Path) -> None:
    rows = b"0,1,2\n1,3,1\n0,0,5\n1,4,4\n"
    first, _ = _train(tmp_path / "a", rows)
    second, _ = _train(tmp_path / "b", rows)
    models = [each.path("/opt/ml/model/model.json").read_text() for each in (first, second)]
    assert models[0] == models[1]


def test_hyperparameters_count(tmp_path: Path) -> None:
    rows = b"0,1,2\n1,3,1\n0,0,5\n1,4,4\n"
    container, _ = _train(tmp_path, rows, rounds="0")
    assert json.loads(container.path("/opt/ml/model/model.json").read_text())["weights"] == [0.0, 0.0]


def test_extreme_and_constant_features_do_not_break_training(tmp_path: Path) -> None:
    container, done = _train(tmp_path, b"0,-1e9,7\n1,1e9,7\n0,-1e9,7\n1,1e9,7\n", learning_rate="500")
    assert done.returncode == 0, done.stderr
    assert container.path("/opt/ml/model/model.json").exists()


@pytest.mark.parametrize("raw", [b"", b"label,a\n", b"1,2\n"])
def test_too_few_data_fail_the_job_with_one_sentence(tmp_path: Path, raw: bytes) -> None:
    _, done = _preprocess(tmp_path, raw)
    assert done.returncode == 1
    assert "too few to train and test" in done.stderr
    assert "Traceback" not in done.stderr


def test_one_label_fails_the_jobs_with_one_sentence(tmp_path: Path) -> None:
    trained, done = _train(tmp_path / "one", b"1,2\n1,3\n")
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert not trained.path("/opt/ml/model/model.json").exists()
    trained, _ = _train(tmp_path / "both", b"1,2\n0,3\n")
    evaluated, done = _evaluate(tmp_path, trained.path("/opt/ml/model"), b"1,2\n1,3\n")
    assert (done.returncode, "Traceback" in done.stderr) == (1, False)
    assert not (evaluated.target("evaluation") / "evaluation.json").exists()


def test_equal_scores_count_half(tmp_path: Path) -> None:
    trained, _ = _train(tmp_path, b"1,2\n0,2\n", rounds="0")
    evaluated, _ = _evaluate(tmp_path, trained.path("/opt/ml/model"), b"1,2\n0,3\n1,4\n0,5\n")
    report = json.loads((evaluated.target("evaluation") / "evaluation.json").read_text())
    assert report["metrics"]["auc"]["value"] == 0.5


@pytest.mark.parametrize("script", code.SCRIPTS)
def test_the_training_image_can_run_the_scripts(script: str) -> None:
    tree = ast.parse((SCRIPTS / script).read_text(), feature_version=(3, 8))
    modules = {
        name.split(".")[0]
        for node in ast.walk(tree)
        for name in (
            [each.name for each in node.names]
            if isinstance(node, ast.Import)
            else [node.module or ""]
            if isinstance(node, ast.ImportFrom)
            else []
        )
    }
    assert modules <= sys.stdlib_module_names


def test_another_script_is_another_folder(tmp_path: Path) -> None:
    for name in code.SCRIPTS:
        (tmp_path / name).write_bytes((SCRIPTS / name).read_bytes())
    assert code.code_prefix(tmp_path) == code.code_prefix()
    (tmp_path / "train.py").write_text("print()\n")
    assert code.code_prefix(tmp_path) != code.code_prefix()
