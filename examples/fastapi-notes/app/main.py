"""Notes: a small CRUD API over SQLite, with a page to try it and generated docs at /docs."""

from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI, HTTPException, Query, status
from fastapi.responses import FileResponse

from app.models import Note, NoteChange, NoteDraft
from app.store import NoteStore

PAGE = Path(__file__).parent / "static" / "index.html"

store = NoteStore(Path("notes.db"))


@asynccontextmanager
async def lifespan(_: FastAPI):
    store.open()
    yield
    store.close()


app = FastAPI(title="Notes", version="1.0.0", lifespan=lifespan)


@app.get("/", include_in_schema=False)
def page() -> FileResponse:
    return FileResponse(PAGE)


@app.get("/api/notes", tags=["notes"], summary="List notes")
def list_notes(
    search: str = Query("", max_length=100, description="Part of the title or text"),
    limit: int = Query(50, ge=1, le=200),
) -> list[Note]:
    return store.all(search, limit)


@app.post("/api/notes", tags=["notes"], status_code=status.HTTP_201_CREATED, summary="Write a note")
def create_note(draft: NoteDraft) -> Note:
    return store.add(draft)


@app.get("/api/notes/{note_id}", tags=["notes"], summary="Read a note")
def read_note(note_id: int) -> Note:
    return found(store.get(note_id))


@app.patch("/api/notes/{note_id}", tags=["notes"], summary="Change a note")
def change_note(note_id: int, change: NoteChange) -> Note:
    return found(store.change(note_id, change))


@app.delete("/api/notes/{note_id}", tags=["notes"], status_code=status.HTTP_204_NO_CONTENT, summary="Delete a note")
def delete_note(note_id: int) -> None:
    if not store.remove(note_id):
        raise HTTPException(status.HTTP_404_NOT_FOUND, "No such note.")


@app.get("/api/health", tags=["service"], summary="Is the service up?")
def health() -> dict[str, str]:
    return {"status": "ok"}


def found(note: Note | None) -> Note:
    if note is None:
        raise HTTPException(status.HTTP_404_NOT_FOUND, "No such note.")
    return note
