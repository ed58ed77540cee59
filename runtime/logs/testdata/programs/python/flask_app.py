from flask import Flask, abort
from visits import visit

app = Flask(__name__)


@app.get("/")
def root():
    app.logger.info("not shown")
    app.logger.warning("careful")
    return "ok"


@app.get("/broken")
def broken():
    raise RuntimeError("no answer")


visit(5000, "/", "/missing", "/broken", "/")
app.run()
