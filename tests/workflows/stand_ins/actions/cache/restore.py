"""Make `.venv` in the working folder as a cache would restore it: with all packages, and with the launcher's stamp."""

import importlib.util
import subprocess
import sys
import sysconfig
from importlib.machinery import SourceFileLoader
from pathlib import Path


def main() -> None:
    """Borrow the packages of the interpreter that runs this file, and stamp the result as the launcher would."""
    root = Path.cwd().resolve()
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", ".venv"], cwd=root, check=True)
    packages = Path(sysconfig.get_path("purelib", "venv", {"base": str(root / ".venv")}))
    # After the repository's own line, which sorts before it: the packages' .pth files name another clone, and a path
    # that stands in a .pth file has its own .pth files left unread.
    (packages / "packages.pth").write_text(f"{sysconfig.get_path('purelib')}\n", encoding="utf-8")
    loader = SourceFileLoader("inv_launcher", str(root / "inv"))
    spec = importlib.util.spec_from_loader(loader.name, loader)
    if spec is None:
        raise ImportError(f"{root / 'inv'} cannot be loaded")
    launcher = importlib.util.module_from_spec(spec)
    sys.dont_write_bytecode = True
    loader.exec_module(launcher)
    layout = launcher.Layout(root)
    launcher.finish(layout, launcher.hash_of_lock(layout))


if __name__ == "__main__":
    main()
