import asyncio, gc, sys, threading, traceback, warnings


def show(f):
    try:
        f()
    except BaseException:
        traceback.print_exc()
    print("plain line", file=sys.stderr)


def during():
    try:
        open("/no/such/file")
    except OSError:
        {}["other"]


def cause():
    try:
        open("/no/such/file")
    except OSError as e:
        raise RuntimeError("no configuration") from e


def noted():
    e = ValueError("bad row\nsecond line of the message")
    e.add_note("in row 7")
    raise e


def deep(n=0):
    deep(n + 1)


def group():
    raise ExceptionGroup("two", [ValueError(1), ExceptionGroup("inner", [TypeError("x"), KeyError("y")])])


def grouped_cause():
    try:
        group()
    except Exception as e:
        raise OSError("because of two") from e


def bare():
    raise KeyboardInterrupt


def assertion():
    assert 1 + 1 == 3


async def tasks():
    async def fail():
        raise ValueError("nobody waits")

    task = asyncio.ensure_future(fail())
    await asyncio.sleep(0)
    del task
    gc.collect()


class Noisy:
    def __del__(self):
        raise ValueError("in a finaliser")


for f in (during, cause, noted, deep, group, grouped_cause, bare, assertion):
    show(f)
asyncio.run(tasks())
thread = threading.Thread(target=during, name="worker")
thread.start()
thread.join()
n = Noisy()
del n
print("plain line", file=sys.stderr)
warnings.warn("the old way", DeprecationWarning)
warnings.warn("careful")
print("plain line", file=sys.stderr)
warnings.warn("with a source", ResourceWarning, source=None)
raise SystemExit("that is all")
