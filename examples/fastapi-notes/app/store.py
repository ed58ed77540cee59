"""Notes in one SQLite file. Requests run in threads, so each call holds the lock around its statement."""

import sqlite3
import threading
from datetime import UTC, datetime
from pathlib import Path

from app.models import Note, NoteChange, NoteDraft

SCHEMA = """
CREATE TABLE IF NOT EXISTS notes (
    id         INTEGER PRIMARY KEY AUTOINCREMENT,
    title      TEXT NOT NULL,
    text       TEXT NOT NULL,
    done       INTEGER NOT NULL DEFAULT 0,
    created_at TEXT NOT NULL
)
"""
WELCOME = NoteDraft(title="Welcome", text="Edit me, tick me off, or write another note.")


class NoteStore:
    def __init__(self, path: Path) -> None:
        self.path = path
        self.lock = threading.Lock()

    def open(self) -> None:
        self.db = sqlite3.connect(self.path, check_same_thread=False, isolation_level=None)
        self.db.row_factory = sqlite3.Row
        self.db.execute(SCHEMA)
        if not self.all("", 1):
            self.add(WELCOME)

    def close(self) -> None:
        self.db.close()

    def all(self, search: str, limit: int) -> list[Note]:
        rows = self._rows(
            "SELECT * FROM notes WHERE instr(lower(title || ' ' || text), lower(?)) ORDER BY id DESC LIMIT ?",
            search,
            limit,
        )
        return [Note(**row) for row in rows]

    def get(self, note_id: int) -> Note | None:
        rows = self._rows("SELECT * FROM notes WHERE id = ?", note_id)
        return Note(**rows[0]) if rows else None

    def add(self, draft: NoteDraft) -> Note:
        rows = self._rows(
            "INSERT INTO notes (title, text, done, created_at) VALUES (?, ?, ?, ?) RETURNING *",
            draft.title,
            draft.text,
            draft.done,
            datetime.now(UTC).isoformat(),
        )
        return Note(**rows[0])

    def change(self, note_id: int, change: NoteChange) -> Note | None:
        rows = self._rows(
            "UPDATE notes SET title = coalesce(?, title), text = coalesce(?, text), done = coalesce(?, done)"
            " WHERE id = ? RETURNING *",
            change.title,
            change.text,
            change.done,
            note_id,
        )
        return Note(**rows[0]) if rows else None

    def remove(self, note_id: int) -> bool:
        return bool(self._rows("DELETE FROM notes WHERE id = ? RETURNING id", note_id))

    def _rows(self, statement: str, *values: object) -> list[dict]:
        with self.lock:
            return [dict(row) for row in self.db.execute(statement, values).fetchall()]
