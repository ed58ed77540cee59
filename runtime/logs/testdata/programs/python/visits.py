"""Asks the server of this process for some paths, then ends it: every program here ends by itself."""
import os, signal, threading, time, urllib.error, urllib.request


def visit(port, *paths, then=signal.SIGINT):
    def run():
        for path in paths:
            for _ in range(200):
                try:
                    urllib.request.urlopen(f"http://127.0.0.1:{port}{path}").read()
                except urllib.error.HTTPError:
                    pass
                except OSError:
                    time.sleep(0.05)
                    continue
                break
        time.sleep(0.3)
        os.kill(int(os.environ.get("END", os.getpid())), then)

    threading.Thread(target=run, daemon=True).start()
