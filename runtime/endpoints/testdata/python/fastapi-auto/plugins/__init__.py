from fastapi import APIRouter


class Plugin:
    def __init__(self, prefix):
        self.prefix = prefix
        self.router = APIRouter()
