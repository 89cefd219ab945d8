"""Runs one command and prints what it took: `python -I -S measure.py SECONDS OUTPUT COMMAND...`.

A program of its own, and a small one: Linux counts into the peak memory of a process what its parent held
when it started it. Prints wall seconds, CPU seconds and peak memory in MiB; the output of the command goes
to the file OUTPUT. A command that takes longer than SECONDS is ended, and its wall time is `inf`.
"""

import os
import signal
import sys
import time


def main(limit: int, output: str, command: list[str]) -> None:
    write = os.open(output, os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
    actions = [(os.POSIX_SPAWN_DUP2, write, 1), (os.POSIX_SPAWN_DUP2, write, 2)]
    start = time.perf_counter()
    child = os.posix_spawnp(command[0], command, os.environ, file_actions=actions, setpgroup=0)
    signal.signal(signal.SIGALRM, lambda *_: os.killpg(child, signal.SIGKILL))
    signal.alarm(limit)
    _, _, used = os.wait4(child, 0)
    took = time.perf_counter() - start
    print("inf" if took >= limit else took, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


main(int(sys.argv[1]), sys.argv[2], sys.argv[3:])
