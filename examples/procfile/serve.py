"""Started by the Procfile's web line, which passes the port as a flag."""

import argparse
import time
from wsgiref.simple_server import make_server


def app(environ, start_response):
    start_response("200 OK", [("Content-Type", "text/plain")])
    return [f"{environ['REQUEST_METHOD']} {environ['PATH_INFO']}\n".encode()]


parser = argparse.ArgumentParser()
parser.add_argument("--port", type=int, default=8000)
parser.add_argument("--idle", action="store_true")
arguments = parser.parse_args()

while arguments.idle:
    time.sleep(60)
make_server("", arguments.port, app).serve_forever()
