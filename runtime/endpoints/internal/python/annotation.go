package python

import (
	"slices"

	"previewd/runtime/endpoints/internal/syntax"
)

// annotation reads the types that code writes beside its names. Each belongs to a place, whose names it uses.
type annotation struct {
	in     *interpreter
	frame  *frame
	params map[string]annotated // of a generic class
	depth  int
	open   []*class // against models inside of themselves
	nodes  *int
}

// annotated is a type as written, and where.
type annotated struct {
	frame *frame
	node  syntax.Node
}

// alias is a type that has a name: UserID = Annotated[int, Path()].
type alias struct{ annotated }

const (
	maxTypeDepth = 12
	maxTypeNodes = 2000
)

func (in *interpreter) annotationAt(f *frame) annotation {
	return annotation{in: in, frame: f, nodes: new(int)}
}

func (a annotation) at(f *frame) annotation {
	a.frame = f
	a.depth++
	return a
}

// peeled is a type without Annotated around it, and what stood beside it there.
func (a annotation) peeled(n syntax.Node) (annotation, syntax.Node, []value) {
	var metadata []value
	for range 5 {
		n = inside(n)
		if named, ok := a.named(n).(*alias); ok {
			a, n = a.at(named.frame), named.node
			continue
		}
		name, params := generic(n)
		if !name.Valid() || a.typeName(name) != "Annotated" || len(params) == 0 {
			break
		}
		for _, p := range params[1:] {
			metadata = append(metadata, a.beside(inside(p)))
		}
		n = params[0]
	}
	return a, inside(n), metadata
}

// beside is what stands beside a type in Annotated. A Field is kept as it is written, not as the default it has.
func (a annotation) beside(n syntax.Node) value {
	if n.Is("call") && last(n.Field("function").Text()) == "Field" {
		return &object{kind: "pydantic.Field", args: a.in.arguments(a.frame, n), attrs: map[string]value{}}
	}
	return a.in.eval(a.frame, n)
}

// inside is a type without the nodes around it that mean nothing.
func inside(n syntax.Node) syntax.Node {
	for n.Is("type", "parenthesized_expression") {
		next := syntax.Node{}
		for c := range n.Children() {
			next = c
			break
		}
		n = next
	}
	return n
}

// generic is the name and the parameters of list[int], in both forms that the grammar has for it.
func generic(n syntax.Node) (syntax.Node, []syntax.Node) {
	switch n.Kind() {
	case "generic_type":
		var name syntax.Node
		var params []syntax.Node
		for c := range n.Children() {
			if c.Is("type_parameter") {
				params = slices.Collect(c.Children())
			} else {
				name = c
			}
		}
		return name, params
	case "subscript":
		params := n.Fields("subscript")
		if len(params) == 1 && params[0].Is("tuple") {
			params = slices.Collect(params[0].Children())
		}
		return n.Field("value"), params
	}
	return syntax.Node{}, nil
}

// named is what a name among types stands for, nil for Python's own types.
func (a annotation) named(n syntax.Node) value {
	switch n.Kind() {
	case "identifier":
		v, _ := a.frame.scope.lookup(n.Text())
		return v
	case "attribute":
		return a.in.eval(a.frame, n)
	}
	return nil
}

// typeName is the last name of a type that is not the project's: "Optional" of typing.Optional.
func (a annotation) typeName(n syntax.Node) string {
	switch v := a.named(n).(type) {
	case *external:
		return last(v.name)
	case nil:
		return last(n.Text())
	}
	return ""
}

// schema is a type as JSON schema; an empty one where nothing is known.
func (a annotation) schema(n syntax.Node) *schema {
	if *a.nodes++; a.depth > maxTypeDepth || *a.nodes > maxTypeNodes {
		return &schema{}
	}
	a, n, metadata := a.peeled(n)
	s := a.bare(n)
	for _, m := range metadata {
		if o, ok := m.(*object); ok {
			s.constrain(o.args)
		}
	}
	return s
}

func (a annotation) bare(n syntax.Node) *schema {
	switch n.Kind() {
	case "string":
		return a.quoted(n)
	case "none":
		return &schema{Type: "null"}
	case "binary_operator":
		return oneOf(a.schema(n.Field("left")), a.schema(n.Field("right")))
	case "union_type":
		var parts []*schema
		for c := range n.Children() {
			parts = append(parts, a.schema(c))
		}
		return oneOf(parts...)
	case "generic_type", "subscript":
		name, params := generic(n)
		return a.parameterised(name, params)
	case "identifier", "attribute":
		return a.name(n)
	}
	return &schema{}
}

// quoted is a type in a string: one that is defined later.
func (a annotation) quoted(n syntax.Node) *schema {
	content := n.Child("string_content").Text()
	if content == "" || len(content) > 500 {
		return &schema{}
	}
	tree, err := a.in.python().Parse(a.in.ctx, []byte("_: "+content))
	if err != nil {
		return &schema{}
	}
	for node := range tree.Root().All() {
		if node.Is("type") {
			a.depth++
			return a.schema(node)
		}
	}
	return &schema{}
}

func oneOf(parts ...*schema) *schema {
	var known []*schema
	null := false
	for _, p := range parts {
		switch {
		case p.Type == "null":
			null = true
		case len(p.AnyOf) > 0:
			known = append(known, p.AnyOf...)
			null = null || p.nullable
		default:
			known = append(known, p)
			null = null || p.nullable
		}
	}
	if len(known) == 1 {
		one := *known[0]
		one.nullable = null
		return &one
	}
	joined := &schema{AnyOf: known, nullable: null}
	for _, k := range known {
		joined.model = joined.model || k.model
	}
	return joined
}

// parameterised is a generic type with its parameters.
func (a annotation) parameterised(name syntax.Node, params []syntax.Node) *schema {
	if c, ok := a.named(name).(*class); ok {
		return a.genericClass(c, params)
	}
	of := func(i int) *schema {
		if i < len(params) {
			return a.at(a.frame).schema(params[i])
		}
		return &schema{}
	}
	switch a.typeName(name) {
	case "Optional":
		return oneOf(of(0), &schema{Type: "null"})
	case "Union":
		var parts []*schema
		for i := range params {
			parts = append(parts, of(i))
		}
		return oneOf(parts...)
	case "list", "List", "set", "Set", "Sequence", "Iterable", "frozenset", "FrozenSet", "tuple", "Tuple", "Collection", "conlist", "deque":
		items := of(0)
		return &schema{Type: "array", Items: items, model: items.model}
	case "dict", "Dict", "Mapping", "MutableMapping", "OrderedDict", "defaultdict":
		return &schema{Type: "object", AdditionalProperties: of(1), model: true}
	case "Literal":
		return a.literals(params)
	case "ClassVar":
		return &schema{Type: "null"}
	}
	return of(0) // Final, Required, an awaitable
}

func (a annotation) literals(params []syntax.Node) *schema {
	s := &schema{}
	for _, p := range params {
		switch v := a.in.eval(a.frame, inside(p)).(type) {
		case string:
			s.Type = "string"
			s.Enum = append(s.Enum, v)
		case int64:
			s.Type = "integer"
			s.Enum = append(s.Enum, v)
		case none:
			s.nullable = true
		}
	}
	return s
}

// name is a type by its name.
func (a annotation) name(n syntax.Node) *schema {
	if given, ok := a.params[n.Text()]; ok {
		inner := a.at(given.frame)
		inner.params = nil
		return inner.schema(given.node)
	}
	switch v := a.named(n).(type) {
	case *class:
		return a.class(v)
	case *alias:
		return a.at(v.frame).schema(v.node)
	case *external:
		return scalarType(last(v.name))
	case nil:
		return scalarType(n.Text())
	}
	return &schema{}
}

// scalarType are the types of Python and of its libraries that JSON has a form for.
func scalarType(name string) *schema {
	switch name {
	case "str", "constr", "StrictStr", "Text", "SecretStr":
		return &schema{Type: "string"}
	case "int", "conint", "PositiveInt", "NonNegativeInt", "StrictInt", "NegativeInt":
		return &schema{Type: "integer"}
	case "float", "Decimal", "confloat", "condecimal", "PositiveFloat", "NonNegativeFloat", "StrictFloat":
		return &schema{Type: "number"}
	case "bool", "StrictBool":
		return &schema{Type: "boolean"}
	case "bytes", "UploadFile":
		return &schema{Type: "string", Format: "binary"}
	case "datetime", "AwareDatetime", "NaiveDatetime", "PastDatetime", "FutureDatetime":
		return &schema{Type: "string", Format: "date-time"}
	case "date", "PastDate", "FutureDate":
		return &schema{Type: "string", Format: "date"}
	case "time":
		return &schema{Type: "string", Format: "time"}
	case "timedelta":
		return &schema{Type: "string", Format: "duration"}
	case "UUID", "UUID1", "UUID3", "UUID4", "UUID5":
		return &schema{Type: "string", Format: "uuid"}
	case "EmailStr":
		return &schema{Type: "string", Format: "email"}
	case "AnyUrl", "HttpUrl", "AnyHttpUrl", "AnyWebsocketUrl", "FileUrl", "PostgresDsn", "RedisDsn":
		return &schema{Type: "string", Format: "uri"}
	case "Path", "PurePath", "FilePath", "DirectoryPath":
		return &schema{Type: "string", Format: "path"}
	case "list", "List", "set", "Set", "tuple", "Tuple", "Sequence":
		return &schema{Type: "array"}
	case "dict", "Dict", "Mapping":
		return &schema{Type: "object", model: true}
	case "None":
		return &schema{Type: "null"}
	}
	return &schema{}
}
