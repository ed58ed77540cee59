import os
import stat

OUTSIDE = ["/", "/etc", "/etc/passwd", "/usr", "/usr/bin", "/usr/local/bin", "/bin", "/lib", "/root", "/home", "/opt", "/srv",
           "/var", "/var/tmp", "/dev", "/sys", "/proc/sys/kernel/core_pattern", "/proc/sysrq-trigger", "/run", "/boot",
           "/.previewd", "/.previewd/shim", "/sys/fs/cgroup", "/dev/shm", "/dev/mqueue"]
SECRETS = ["/etc/shadow", "/root", "/var/run/docker.sock", "/run/docker.sock", "/proc/1/environ", "/proc/1/root",
           "/proc/kcore", "/dev/sda", "/dev/mem", "/run/secrets", "/proc/keys"]


def write_outside(_: dict) -> dict:
    """Tries to write in every place that is not the project's folder or /tmp."""
    return {path: try_write(path) for path in OUTSIDE if os.path.exists(path)}


def try_write(path: str) -> str:
    target = os.path.join(path, "owned") if os.path.isdir(path) else path
    try:
        # Opening is enough to tell; a file that was there before is never changed.
        fd = os.open(target, os.O_WRONLY | (os.O_CREAT if os.path.isdir(path) else 0), 0o644)
    except OSError as error:
        return error.strerror
    os.close(fd)
    if os.path.isdir(path):
        os.unlink(target)
    return "written"


def read_secrets(_: dict) -> dict:
    """Tries to read what belongs to the host, to root or to previewd."""
    return {path: try_read(path) for path in SECRETS}


def try_read(path: str) -> str:
    try:
        if os.path.isdir(path):
            return f"listed {len(os.listdir(path))}"
        if stat.S_ISSOCK(os.stat(path).st_mode):
            return "socket there"
        with open(path, "rb") as file:
            return f"read {len(file.read(64))} bytes"
    except OSError as error:
        return error.strerror


def make_devices(_: dict) -> dict:
    """Tries to make a block device node for a disk."""
    try:
        os.mknod("/tmp/disk", stat.S_IFBLK | 0o600, os.makedev(8, 0))
    except OSError as error:
        return {"made": False, "refused": error.strerror}
    os.unlink("/tmp/disk")
    return {"made": True}
