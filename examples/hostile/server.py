"""Every attack a preview must withstand, one path each. Answers say what happened, so that a test can tell.

Run it only inside a preview: outside of one it does real harm.
"""

import json
import os
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, urlsplit

import disk
import files
import memory
import network
import processes

ATTACKS = {
    "/": lambda _: {"attacks": sorted(ATTACKS)},
    "/alive": lambda _: {"alive": True, "uid": os.getuid(), "gid": os.getgid()},
    "/processes/bomb": processes.bomb,
    "/processes/identity": processes.identity,
    "/processes/privileges": processes.privileges,
    "/memory/hog": memory.hog,
    "/memory/tmp": memory.fill_tmp,
    "/disk/fill": disk.fill,
    "/disk/deleted": disk.fill_deleted,
    "/disk/one-file": disk.one_file,
    "/files/outside": files.write_outside,
    "/files/secrets": files.read_secrets,
    "/files/devices": files.make_devices,
    "/network/scan": network.scan,
    "/network/gateway": network.scan_gateway,
    "/network/link-local": network.link_local,
    "/network/neighbours": network.neighbours,
    "/network/raw": network.raw_socket,
}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        url = urlsplit(self.path)
        attack = ATTACKS.get(url.path)
        if attack is None:
            return self.answer(404, {"error": "no such attack"})
        try:
            self.answer(200, attack(dict(parse_qsl(url.query))))
        except Exception as error:  # a refused attack is an answer too
            self.answer(200, {"error": f"{type(error).__name__}: {error}"})

    def answer(self, status: int, body: dict) -> None:
        data = json.dumps(body, indent=2).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)


if __name__ == "__main__":
    ThreadingHTTPServer(("", int(os.environ.get("PORT", "8000"))), Handler).serve_forever()
