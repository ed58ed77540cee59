import os
from visits import visit


def app(environ, start_response):
    if environ["PATH_INFO"] == "/broken":
        raise RuntimeError("no answer")
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [b"ok"]


os.environ["END"] = str(os.getppid())
visit(8000, "/", "/broken", "/")
