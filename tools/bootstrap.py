"""Builds the environment when it is missing or out of date, then becomes the program. Standard library only.

Order: one lock with hashes, build tools included; then the project itself without build isolation, because an isolated
build would fetch tools that no hash vouches for. As root, when an unprivileged user could not read the checkout, the
environment lies under /var/lib/opspact and holds a copy of the program instead of a link to it.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent.parent
NEEDED_FREE_BYTES = 1_500_000_000
TEST_COMMANDS = {"test", "bench"}
EXTRAS = ("roster",)


class Refusal(Exception):
    """Why the environment can't be built, in one sentence with the mend."""


def main() -> None:
    arguments = sys.argv[1:]
    testing = bool(arguments) and arguments[0] in TEST_COMMANDS
    try:
        environment = place()
        build(environment, testing=testing)
    except Refusal as refusal:
        sys.exit(str(refusal))
    except KeyboardInterrupt:
        sys.exit(130)
    except OSError as error:
        sys.exit(sentence_for(error))
    python = str(environment / "bin" / "python")
    os.environ["OPSPACT_CHECKOUT"] = str(HERE)
    os.execv(python, [python, "-P", "-m", "opspact.cli", *arguments])  # noqa: S606  (becoming the program is the point)


def place() -> Path:
    """Where the environment goes: `OPSPACT_ENV`, beside the code, or for root where others can read it."""
    if given := os.environ.get("OPSPACT_ENV"):
        return Path(given).absolute()
    readable = all(folder.stat().st_mode & 0o001 for folder in (HERE, *HERE.parents))
    if os.geteuid() != 0 or readable:
        return HERE / ".venv"
    return Path("/var/lib/opspact/env")


def is_copy(environment: Path) -> bool:
    """Whether the program is copied into the environment, not linked from the checkout."""
    return environment.parent != HERE


def build(environment: Path, *, testing: bool) -> None:
    """Bring the environment up to date; does nothing when the stamps say that nothing it was built from changed."""
    environment.parent.mkdir(parents=True, exist_ok=True)
    with (environment.parent / f".{environment.name.lstrip('.')}.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        lock_file = locked_packages(testing=testing)
        base = fingerprint([HERE / "requirements.lock"], sys.version, str(environment))
        packages = fingerprint([lock_file], base)
        project = fingerprint(project_sources(copied=is_copy(environment)), base)
        steps = [
            ("env", base, "创建 Python 环境", "Making the Python environment", lambda: make_venv(environment)),
            (
                f"packages-{lock_file.stem}",
                packages,
                "安装已锁定的依赖（首次约一分钟）",
                "Installing the locked packages (about a minute the first time)",
                lambda: pip(environment, "--require-hashes", "-r", str(lock_file)),
            ),
            (
                "project",
                project,
                "安装守约并构建前端文件与译文",
                "Installing OpsPact, building front-end files and translations",
                lambda: install_project(environment),
            ),
        ]
        due = [step for step in steps if stamp(environment, step[0]) != step[1]]
        for number, (name, value, chinese, english, run) in enumerate(due, 1):
            started = time.monotonic()
            print(f"[{number}/{len(due)}] {chinese} · {english} … ", end="", flush=True, file=sys.stderr)
            run()
            print(f"{time.monotonic() - started:.0f} s", flush=True, file=sys.stderr)
            (environment / f".stamp-{name}").write_text(value)


def locked_packages(*, testing: bool) -> Path:
    """The lock to install: the tests' holds every extra, each extra's holds the program's own packages too."""
    extra = os.environ.get("OPSPACT_EXTRAS", "").strip()
    if extra and extra not in EXTRAS:
        known = ", ".join(EXTRAS)
        raise Refusal(
            f"OPSPACT_EXTRAS={extra}：没有这个可选组件，可用的是 {known}。"
            f" OPSPACT_EXTRAS={extra}: there is no such extra; known: {known}."
        )
    if testing:
        return HERE / "requirements-test.lock"
    return HERE / (f"requirements-{extra}.lock" if extra else "requirements.lock")


def make_venv(environment: Path) -> None:
    try:
        import ensurepip
        import venv
    except ImportError:
        raise Refusal(
            "此 Python 缺少 venv 模块：请先安装（Debian/Ubuntu：apt install python3-venv）。"
            " This Python has no venv module: install it (Debian/Ubuntu: apt install python3-venv)."
        ) from None
    assert ensurepip
    free = shutil.disk_usage(environment.parent).free
    if free < NEEDED_FREE_BYTES:
        raise OSError(28, "No space left on device", str(environment.parent))
    venv.EnvBuilder(with_pip=True, clear=True).create(environment)


def pip(environment: Path, *arguments: str) -> None:
    command = [str(environment / "bin" / "python"), "-m", "pip", "install", "--quiet", "--no-input"]
    command += ["--disable-pip-version-check", *arguments]
    done = subprocess.run(command, capture_output=True, text=True, cwd=HERE, check=False)
    if done.returncode == 0:
        return
    if "No space left on device" in done.stderr:
        raise OSError(28, "No space left on device", str(environment))
    print(file=sys.stderr)
    print(without_addresses(done.stderr), file=sys.stderr)
    raise Refusal(
        "依赖未能安装（原因见上）：请检查能否访问软件包源后重试。"
        " The packages could not be installed (see above): check that the package registry can be reached, then retry."
    )


def install_project(environment: Path) -> None:
    link = [] if is_copy(environment) else ["--editable"]
    pip(environment, "--no-deps", "--no-build-isolation", "--force-reinstall", *link, str(HERE))


def project_sources(*, copied: bool) -> list[Path]:
    """What the installed project depends on: the build's own inputs, and all of the code where it is copied."""
    names = ["pyproject.toml", "hatch_build.py", "frontend/package-lock.json", "frontend/icons.txt"]
    found = [HERE / name for name in names if (HERE / name).exists()]
    package = HERE / "src" / "opspact"
    wanted = "*" if copied else "*.po"
    ignored = {"__pycache__", "vendor", "fonts"}
    found += sorted(
        path
        for path in package.rglob(wanted)
        if path.is_file() and path.suffix != ".mo" and not ignored.intersection(path.parts)
    )
    return found


def fingerprint(files: list[Path], *words: str) -> str:
    digest = hashlib.sha256()
    for word in words:
        digest.update(word.encode())
    for path in files:
        digest.update(str(path.relative_to(HERE)).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()


def stamp(environment: Path, name: str) -> str:
    try:
        return (environment / f".stamp-{name}").read_text()
    except OSError:
        return ""


def without_addresses(text: str) -> str:
    """Registry addresses can carry credentials: never print them."""
    return re.sub(r"\b\w+://\S+", "<address>", text.strip())[-2000:]


def sentence_for(error: OSError) -> str:
    where = error.filename or HERE
    if error.errno in (13, 1, 30):
        return (
            f"没有写入 {where} 的权限：请更改其属主，或用 OPSPACT_ENV 指定可写的目录。"
            f" No permission to write {where}: change its owner or name a writable folder with OPSPACT_ENV."
        )
    if error.errno in (28, 122):
        return (
            f"{where} 所在磁盘空间不足：请清出至少 1.5 GB 后重试。"
            f" The disk that holds {where} is full: free at least 1.5 GB and try again."
        )
    return f"无法使用 {where}：{error.strerror}。 Cannot use {where}: {error.strerror}."


if __name__ == "__main__":
    main()
