"""Runs tests as if Django were not installed: what they test must not need it.

python script/without_django.py FOLDER...   (folders that do not exist are passed over)
"""

import sys
from pathlib import Path

import pytest

WARNING = "ignore:Unknown config option:pytest.PytestConfigWarning"


def main(folders: list[str]) -> int:
    sys.modules["django"] = None  # makes every later import of it fail
    found = [folder for folder in folders if Path(folder).is_dir()]
    # The project's own options name Django's plugin, so they are left out.
    return pytest.main(["-p", "no:django", "-o", "addopts=", "-W", WARNING, "-q", *found])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
