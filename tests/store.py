"""An S3-compatible storage to test with: rclone's server, which checks every signature."""

import shutil
import socket
import subprocess
import sys
import time
from pathlib import Path

KEY, SECRET = "a-key", "its-secret"


class Store:
    """One bucket, which is a folder; it can be stopped, and started again at its address.

    What is put into the folder otherwise is seen after the next start.
    """

    def __init__(self, folder):
        self.bucket = folder / "register"
        self.bucket.mkdir()
        with socket.socket() as found:
            found.bind(("127.0.0.1", 0))
            self.port = found.getsockname()[1]
        self.address = f"http://127.0.0.1:{self.port}/{self.bucket.name}"
        self.process = None

    def start(self):
        # Beside this Python, as pip puts it; or wherever it is.
        program = shutil.which("rclone", path=Path(sys.executable).parent) or "rclone"
        self.process = subprocess.Popen(
            [
                *(program, "serve", "s3", "--config", "/dev/null"),
                *("--addr", f"127.0.0.1:{self.port}", "--auth-key", f"{KEY},{SECRET}"),
                self.bucket.parent,
            ],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        deadline = time.monotonic() + 60
        while time.monotonic() < deadline:
            assert self.process.poll() is None, "rclone ended"
            try:
                return socket.create_connection(("127.0.0.1", self.port), 1).close()
            except OSError:
                time.sleep(0.05)
        raise AssertionError("rclone does not answer")

    def stop(self):
        self.process.kill()
        self.process.wait()
