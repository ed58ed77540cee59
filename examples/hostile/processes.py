import ctypes
import os
import signal
import subprocess
import time


def bomb(query: dict) -> dict:
    """Forks children until it may not. ?max=N bounds the attempt, ?hold=S keeps them that long."""
    children, refused = [], None
    for _ in range(int(query.get("max", "20000"))):
        try:
            child = os.fork()
        except OSError as error:
            refused = str(error)
            break
        if child == 0:
            time.sleep(float(query.get("hold", "1")) + 30)
            os._exit(0)
        children.append(child)
    time.sleep(float(query.get("hold", "1")))
    for child in children:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    return {"forked": len(children), "refused": refused}


def identity(_: dict) -> dict:
    """Who it runs as and what it may do."""
    wanted = ("Uid", "Gid", "Groups", "CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb", "NoNewPrivs", "Seccomp")
    with open("/proc/self/status") as status:
        fields = dict(line.rstrip("\n").split(":\t", 1) for line in status if ":\t" in line)
    return {name: fields.get(name) for name in wanted}


def privileges(_: dict) -> dict:
    """Tries to become root, to mount, to trace process 1, to change the host name."""
    libc = ctypes.CDLL(None, use_errno=True)
    attempts = {
        "setuid": lambda: libc.setuid(0),
        "mount": lambda: libc.mount(b"none", b"/tmp", b"tmpfs", 0, None),
        "unshare_user": lambda: libc.unshare(0x10000000),
        "ptrace_init": lambda: libc.ptrace(16, 1, None, None),
        "sethostname": lambda: libc.sethostname(b"owned", 5),
        "kill_init": lambda: libc.kill(1, 9),
    }
    outcome = {}
    for name, attempt in attempts.items():
        ctypes.set_errno(0)
        outcome[name] = "done" if attempt() == 0 else os.strerror(ctypes.get_errno())
    setuid = subprocess.run(["find", "/", "-xdev", "-perm", "/6000", "-type", "f"], capture_output=True, text=True, check=False)
    return outcome | {"setuid_files": setuid.stdout.split()}
