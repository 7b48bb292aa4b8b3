"""What is delivered: the wheel holds what it needs, the locks hold what they should, and every module has a layer."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
LOCKS = ["requirements.lock", "requirements-build.lock", "requirements-dev.lock"]


def name(requirement: str) -> str:
    """A requirement's name in the form of PEP 503."""
    found = re.match(r"[\w.-]+", requirement)
    assert found, requirement
    return re.sub(r"[-_.]+", "-", found[0]).lower()


def locked(lock: str) -> dict[str, str]:
    """Name and whole text of every requirement in a lock file."""
    entries = re.split(r"\n(?=\S)", (ROOT / lock).read_text().strip())
    return {name(entry): entry for entry in entries}


def test_an_installed_wheel_migrates_a_database(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
    [wheel] = tmp_path.glob("*.whl")
    site = tmp_path / "site"
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(site)
    assert {path.name for path in site.iterdir() if path.is_dir() and "dist-info" not in path.name} == {
        "tasks",
        "worker",
    }
    code = "import worker, alembic; print(worker.__file__); from worker import migrate; migrate.check(*MIGRATED)"
    code = code.replace("*MIGRATED", "url").replace("migrate.check", "migrate.upgrade(url); migrate.check")
    done = subprocess.run(
        [sys.executable, "-c", f"url = 'sqlite:///installed.db'; {code}"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(site)},
        check=True,
        capture_output=True,
        text=True,
    )
    assert Path(done.stdout.splitlines()[0]).is_relative_to(site)


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_has_a_hash_for_everything_and_names_no_host(lock: str) -> None:
    for entry in locked(lock).values():
        assert re.match(r"[\w.-]+==[\w.]+", entry), entry
        assert "--hash=sha256:" in entry
    text = (ROOT / lock).read_text()
    assert "://" not in text
    assert "index-url" not in text


def test_the_locks_hold_what_the_project_asks_for() -> None:
    asked = {name(requirement) for requirement in PROJECT["project"]["dependencies"]}
    assert asked - {"kombu"} <= locked("requirements.lock").keys()
    groups = PROJECT["dependency-groups"]
    develops = asked | {name(requirement) for requirement in groups["dev"] if isinstance(requirement, str)}
    assert develops <= locked("requirements-dev.lock").keys()
    for smaller in LOCKS[:2]:
        versions = {key: entry.split()[0] for key, entry in locked(smaller).items()}
        assert versions.items() <= {key: entry.split()[0] for key, entry in locked(LOCKS[2]).items()}.items()


def test_every_module_stands_in_a_layer() -> None:
    [layers] = [contract["layers"] for contract in PROJECT["tool"]["importlinter"]["contracts"] if "layers" in contract]
    placed = {module.strip(" ()\n") for layer in layers for module in layer.split(":")}
    modules = {
        ".".join(path.relative_to(ROOT).with_suffix("").parts)
        for path in (ROOT / "worker").rglob("*.py")
        if path.name != "__init__.py"
    }
    homeless = {module for module in modules if not any(f"{module}.".startswith(f"{each}.") for each in placed)}
    assert not homeless, "put these into a layer of [tool.importlinter] in pyproject.toml"
