"""`leash.py PARENT COMMAND...` becomes COMMAND, which gets SIGTERM when its parent dies.

Even a supervisor that was killed with SIGKILL leaves nobody behind. Run by path and isolated
(`python -I -S`), so that it costs a few milliseconds.
"""

import ctypes
import os
import signal
import sys

PR_SET_PDEATHSIG = 1  # linux/prctl.h; other systems have only the list of the run folder


def main(parent: str, *command: str) -> None:
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGTERM)
    if os.getppid() != int(parent):
        sys.exit("The parent died before its child began.")
    os.execvp(command[0], command)  # noqa: S606 - the whole purpose


if __name__ == "__main__":
    main(*sys.argv[1:])
