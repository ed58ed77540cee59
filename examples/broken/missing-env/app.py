import os

from flask import Flask

DATABASE_URL = os.environ["DATABASE_URL"]

app = Flask(__name__)


@app.get("/")
def home():
    return DATABASE_URL.split(":")[0]
