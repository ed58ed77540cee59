import os

BLOCK = os.urandom(1 << 20)
kept_open: list = []


def fill(query: dict) -> dict:
    """Writes files of ?each=N megabytes, ?mb=N in all, into the project's folder and leaves them."""
    return write_files(int(query.get("mb", "8192")), int(query.get("each", "64")), delete=False)


def fill_deleted(query: dict) -> dict:
    """The same, but each file is deleted while it stays open: no listing shows it, the disk is full all the same."""
    return write_files(int(query.get("mb", "8192")), int(query.get("each", "64")), delete=True)


def one_file(query: dict) -> dict:
    """Writes one file of ?mb=N megabytes."""
    return write_files(int(query.get("mb", "8192")), int(query.get("mb", "8192")), delete=False)


def write_files(total: int, each: int, delete: bool) -> dict:
    written, refused = 0, None
    while written < total and refused is None:
        name = f"filler-{os.getpid()}-{written}"
        file = open(name, "wb", buffering=0)
        if delete:
            os.unlink(name)
            kept_open.append(file)
        try:
            for _ in range(min(each, total - written)):
                file.write(BLOCK)
                written += 1
        except OSError as error:
            refused = str(error)
        if not delete:
            file.close()
    return {"written_mb": written, "refused": refused}
