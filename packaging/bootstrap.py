"""From a fresh clone to a running program in one command, on a machine with Python and nothing else.

    python3 packaging/bootstrap.py run          set up at first use, then the demonstration village and its window
    python3 packaging/bootstrap.py test         set up at first use, then every check of the house
    python3 packaging/bootstrap.py start …      the program itself; the words behind go to it
    python3 packaging/bootstrap.py stick        fetch into ./wheels what a machine without internet needs
    python3 packaging/bootstrap.py check        tell what is there and what is missing; change nothing
    python3 packaging/bootstrap.py env          the lines for a shell that works in the environment by hand

This file is read by whatever python3 the machine has, so it keeps to old grammar.
"""

import shutil
import subprocess
import sys

OLDEST = (3, 11)
NEWER = ("python3.11", "python3.12", "python3.13", "python3.14")


def start_again() -> int:
    """Go on under a newer Python where the machine has one; otherwise say so."""
    newer = next(filter(None, map(shutil.which, NEWER)), None)
    if newer:
        return subprocess.call([newer, *sys.argv])
    print("需要 Python 3.11 或更新版本 / Python 3.11 or newer is needed; type: sudo apt-get install python3.11")
    return 4


if __name__ == "__main__":
    if sys.version_info < OLDEST:
        sys.exit(start_again())
    from fresh.commands import main

    sys.exit(main(sys.argv[1:], __doc__))
