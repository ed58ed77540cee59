import logging
from fastapi import FastAPI
from visits import visit

app = FastAPI()
logging.getLogger("uvicorn.error").debug("debug is off")


@app.get("/")
def root():
    return {}


@app.get("/broken")
def broken():
    try:
        1 / 0
    except ZeroDivisionError as e:
        raise RuntimeError("no answer") from e


visit(8000, "/", "/missing", "/broken", "/")
