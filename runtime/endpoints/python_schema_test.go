package endpoints_test

import (
	"bytes"
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"previewd/runtime/endpoints"
)

// TestPythonTypes holds annotations to the schema that FastAPI makes of them, as far as it is told.
func TestPythonTypes(t *testing.T) {
	const prelude = fastAPI + `import datetime, decimal, uuid
from dataclasses import dataclass
from enum import Enum, IntEnum
from typing import *
from fastapi import Body, UploadFile
from pydantic import BaseModel, ConfigDict, EmailStr, Field, HttpUrl
app = FastAPI()
T = TypeVar("T")
class Colour(Enum):
    RED = "red"
    BLUE = "blue"
class Level(IntEnum):
    LOW = 1
class Base(BaseModel):
    model_config = ConfigDict(extra="forbid")
    kind: ClassVar[str] = "x"
    a: int
    b: str = "two"
class Child(Base):
    b: str = Field("three", description="The b", max_length=5, pattern="^t")
    c: Annotated[float, Field(gt=0, le=9)]
    d: Optional["Child"] = None
class Page(BaseModel, Generic[T]):
    items: list[T]
    total: int = Field(..., alias="n", examples=[3])
@dataclass
class Point:
    x: int
    y: int = 0
class Row(TypedDict):
    id: int
Alias = Annotated[int, Field(ge=1)]
`
	for annotation, want := range map[string]string{
		"list[int]":                       `{"type":"array","items":{"type":"integer"}}`,
		"List[str]":                       `{"type":"array","items":{"type":"string"}}`,
		"Dict[str, float]":                `{"type":"object","additionalProperties":{"type":"number"}}`,
		"Union[int, str]":                 `{"anyOf":[{"type":"integer"},{"type":"string"}]}`,
		"int | None":                      `{"type":"integer"}`,
		"int | str | bool":                `{"anyOf":[{"type":"integer"},{"type":"string"},{"type":"boolean"}]}`,
		"Optional[datetime.datetime]":     `{"type":"string","format":"date-time"}`,
		"datetime.date":                   `{"type":"string","format":"date"}`,
		"datetime.time":                   `{"type":"string","format":"time"}`,
		"datetime.timedelta":              `{"type":"string","format":"duration"}`,
		"decimal.Decimal":                 `{"type":"number"}`,
		"uuid.UUID":                       `{"type":"string","format":"uuid"}`,
		"EmailStr":                        `{"type":"string","format":"email"}`,
		"HttpUrl":                         `{"type":"string","format":"uri"}`,
		"bytes":                           `{"type":"string","format":"binary"}`,
		"Colour":                          `{"title":"Colour","type":"string","enum":["red","blue"]}`,
		"Level":                           `{"title":"Level","type":"integer","enum":[1]}`,
		"Literal['a', 'b']":               `{"type":"string","enum":["a","b"]}`,
		"Literal[1, None]":                `{"type":"integer","enum":[1]}`,
		"Base":                            `{"title":"Base","type":"object","properties":{"a":{"type":"integer"},"b":{"type":"string","default":"two"}},"required":["a"]}`,
		"Point":                           `{"title":"Point","type":"object","properties":{"x":{"type":"integer"},"y":{"type":"integer","default":0}},"required":["x"]}`,
		"Row":                             `{"title":"Row","type":"object","properties":{"id":{"type":"integer"}},"required":["id"]}`,
		"Alias":                           `{"type":"integer","minimum":1}`,
		"'Base'":                          `{"title":"Base","type":"object","properties":{"a":{"type":"integer"},"b":{"type":"string","default":"two"}},"required":["a"]}`,
		"tuple[Point, ...]":               `{"type":"array","items":{"title":"Point","type":"object","properties":{"x":{"type":"integer"},"y":{"type":"integer","default":0}},"required":["x"]}}`,
		"Page[Level]":                     `{"title":"Page","type":"object","properties":{"items":{"type":"array","items":{"title":"Level","type":"integer","enum":[1]}},"n":{"type":"integer","examples":[3]}},"required":["items","n"]}`,
		"Child":                           `{"title":"Child","type":"object","properties":{"a":{"type":"integer"},"b":{"type":"string","description":"The b","default":"three","maxLength":5,"pattern":"^t"},"c":{"type":"number","maximum":9,"exclusiveMinimum":0},"d":{"title":"Child","type":"object"}},"required":["a","c"]}`,
		"Annotated[int, Body(le=3)]":      `{"type":"integer","maximum":3}`,
		"dict":                            `{"type":"object"}`,
		"set":                             `{"type":"array"}`,
		"Any":                             ``,
		"None":                            ``,
		"Unknown[Nothing]":                ``,
		"(lambda: 1)":                     ``,
		"Annotated[Optional[str], 'any']": `{"type":"string"}`,
	} {
		t.Run(annotation, func(t *testing.T) {
			source := prelude + fmt.Sprintf("@app.get('/x')\ndef x() -> %s: ...\n", annotation)
			result := extract(t, map[string]string{"main.py": source}, endpoints.Options{})
			for _, e := range result.Endpoints {
				if e.Path == "/x" && compact(t, e.ResponseSchema) != want {
					t.Errorf("got  %s\nwant %s", compact(t, e.ResponseSchema), want)
				}
			}
		})
	}
}

func compact(t *testing.T, text json.RawMessage) string {
	t.Helper()
	var b bytes.Buffer
	if len(text) > 0 {
		if err := json.Compact(&b, text); err != nil {
			t.Fatal(err)
		}
	}
	return b.String()
}

// TestPythonParameters holds a handler's parameters to the places FastAPI puts them.
func TestPythonParameters(t *testing.T) {
	source := fastAPI + `from typing import Annotated, Optional
from fastapi import Body, Cookie, Depends, File, Form, Header, Path, Query, Request, Security, UploadFile
from pydantic import BaseModel
app = FastAPI()
class Item(BaseModel):
    name: str
class Filter:
    def __init__(self, q: str, deep: bool = False): ...
class Paging(BaseModel):
    page: int = 1
class Guard:
    def __call__(self, x_key: Annotated[str, Header()]): ...
User = Annotated[str, Depends(Guard())]
def current(token: str = Header(..., alias="X-Token", description="Who"), request: Request = None): ...
@app.put("/items/{id}/{slug}", dependencies=[Depends(current)])
def put(
    id: Annotated[int, Path(ge=1, examples=[7])], slug, item: Item, user: User, request: Request,
    filter: Filter = Depends(), paging: Paging = Depends(Paging), tags: list[str] = Query([], title="t"),
    limit: Annotated[int, Query(alias="max", le=100)] = 10, ad: Optional[str] = Cookie(None), why: str = Body("x"),
): ...
@app.post("/form")
def form(a: str = Form(...), b: Annotated[int, Form()] = 1, file: UploadFile = File(...)): ...
@app.post("/embed")
def embed(item: Item = Body(..., embed=True)): ...
@app.post("/list")
def many(items: list[Item], mode: str = "all"): ...
`
	result := extract(t, map[string]string{"main.py": source}, endpoints.Options{})
	for path, want := range map[string]string{
		"/items/{id}/{slug}": "id path integer true; slug path string true; x-key header string true; q query string true; deep query boolean false false; " +
			"page query integer false 1; tags query array false []; max query integer false 10; ad cookie string false; X-Token header string true; ",
		"/form": "", "/embed": "", "/list": `mode query string false "all"; `,
	} {
		if got := described(t, result, path); got != want {
			t.Errorf("%s\ngot  %s\nwant %s", path, got, want)
		}
	}
	for path, want := range map[string]string{
		"/items/{id}/{slug}": `{"type":"object","properties":{"item":{"title":"Item","type":"object","properties":{"name":{"type":"string"}},"required":["name"]},"why":{"type":"string","default":"x"}},"required":["item"]}`,
		"/form":              `{"type":"object","properties":{"a":{"type":"string"},"b":{"type":"integer","default":1},"file":{"type":"string","format":"binary"}},"required":["a","file"]}`,
		"/embed":             `{"type":"object","properties":{"item":{"title":"Item","type":"object","properties":{"name":{"type":"string"}},"required":["name"]}},"required":["item"]}`,
		"/list":              `{"type":"array","items":{"title":"Item","type":"object","properties":{"name":{"type":"string"}},"required":["name"]}}`,
	} {
		for _, e := range result.Endpoints {
			if got := compact(t, e.RequestSchema); e.Path == path && got != want {
				t.Errorf("%s\ngot  %s\nwant %s", path, got, want)
			}
		}
	}
}

// described are an endpoint's parameters: name, place, type, whether it is required, its default.
func described(t *testing.T, result *endpoints.Result, path string) string {
	t.Helper()
	var text strings.Builder
	for _, e := range result.Endpoints {
		if e.Path != path {
			continue
		}
		for _, p := range e.Parameters {
			fmt.Fprintf(&text, "%s %s %s %v", p.Name, p.In, p.Type, p.Required)
			if len(p.Default) > 0 {
				text.WriteString(" " + string(p.Default))
			}
			text.WriteString("; ")
		}
	}
	return text.String()
}

// TestPythonWords holds summaries, descriptions, names and tags to what the code says.
func TestPythonWords(t *testing.T) {
	result := extract(t, map[string]string{"main.py": fastAPI + `app = FastAPI()
r = APIRouter(tags=["r"])
@r.get("/a", tags=["x", "r"], summary="Short", description="""
    Long
      indented
""", operation_id="get_a")
def a():
    """Not this."""
@r.get("/b")
def read_all_b():
    """First.

    Second.
    """
app.include_router(r, tags=["app"])
`}, endpoints.Options{})
	var all strings.Builder
	for _, e := range result.Endpoints {
		if !e.Builtin {
			fmt.Fprintf(&all, "%s|%s|%q|%v|%s:%d\n", e.Name, e.Summary, e.Description, e.Tags, e.Source.File, e.Source.Line)
		}
	}
	want := "get_a|Short|\"Long\\n  indented\"|[app r x]|main.py:8\n" + "read_all_b|Read All B|\"First.\\n\\nSecond.\"|[app r]|main.py:11\n"
	if got := all.String(); got != want {
		t.Errorf("got\n%swant\n%s", got, want)
	}
}
