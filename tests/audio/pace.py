#!/usr/bin/env python3
"""A sound card made of a file: takes 16-bit stereo at 48 kHz from standard input at the speed of real time and keeps it.

Usage: pace.py OUT. ALSA's own file device writes as fast as it is given, which hides every timing fault.
"""

import fcntl
import sys
import time

BYTES_PER_SECOND = 192_000
PERIOD_BYTES = 1_920  # 10 ms
F_SETPIPE_SZ = 1031


def shrink(pipe: int) -> bool:
    try:
        fcntl.fcntl(pipe, F_SETPIPE_SZ, 4096)
    except OSError:
        return False
    return True


def main() -> None:
    source = sys.stdin.buffer
    started = None
    taken = 0
    small = False
    with open(sys.argv[1], "wb", buffering=0) as out:
        while chunk := source.read(PERIOD_BYTES):
            out.write(chunk)
            if not small:
                # A small pipe: what waits in it is sound that has left the player and is not in the file yet. It is
                # busy while more than that waits in it, so what came before this program ran is taken at once.
                small = shrink(source.fileno())
                continue
            if started is None:
                started = time.monotonic()
            taken += len(chunk)
            ahead = started + taken / BYTES_PER_SECOND - time.monotonic()
            if ahead > 0:
                time.sleep(ahead)


main()
