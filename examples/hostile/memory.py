import os

hoard: list[bytearray] = []


def hog(query: dict) -> dict:
    """Holds ?mb=N more megabytes, by default more than any preview may have."""
    for _ in range(int(query.get("mb", "65536")) // 16):
        block = bytearray(16 << 20)
        block[::4096] = b"x" * len(block[::4096])  # touch every page
        hoard.append(block)
    return {"holding_mb": len(hoard) * 16}


def fill_tmp(query: dict) -> dict:
    """Writes ?mb=N megabytes to /tmp, which may be memory."""
    written, refused = 0, None
    block = os.urandom(1 << 20)
    try:
        with open("/tmp/filler", "wb") as file:
            for _ in range(int(query.get("mb", "4096"))):
                file.write(block)
                written += 1
    except OSError as error:
        refused = str(error)
    return {"written_mb": written, "refused": refused}
