"""A traceback on stderr while lines go to stdout."""
import sys, time, traceback

try:
    [][1]
except IndexError:
    for line in traceback.format_exc().splitlines():
        print(line, file=sys.stderr, flush=True)
        time.sleep(0.02)
        print("tick", flush=True)
        time.sleep(0.02)
