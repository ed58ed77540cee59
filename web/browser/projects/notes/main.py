"""What the endpoints are read from. Nothing of it runs: the packages it needs would have to be installed."""

from fastapi import FastAPI
from pydantic import BaseModel

app = FastAPI()


class Note(BaseModel):
    title: str
    done: bool = False


@app.get("/notes", tags=["notes"], summary="List notes")
def list_notes(limit: int = 10):
    return []


@app.put("/notes/{note_id}", tags=["notes"], summary="Change a note")
def change_note(note_id: int, note: Note):
    return note
