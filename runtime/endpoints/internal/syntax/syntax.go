// Package syntax turns source text into trees by tree-sitter, whose grammars read broken code, too. What leaves the
// package is plain Go memory: a tree needs no closing, may be read by many at once, and is bounded in size and depth.
package syntax

import (
	"context"
	"errors"
	"fmt"
	"time"
	"unsafe"

	sitter "github.com/tree-sitter/go-tree-sitter"
	javascript "github.com/tree-sitter/tree-sitter-javascript/bindings/go"
	python "github.com/tree-sitter/tree-sitter-python/bindings/go"
	typescript "github.com/tree-sitter/tree-sitter-typescript/bindings/go"
)

// Bounds on one file. Deeper trees are cut: whoever walks a tree by recursion must not be able to exhaust the stack.
const (
	MaxSource = 1 << 20
	maxDepth  = 1000
	maxTime   = 2 * time.Second
	chunk     = 4 << 10 // bytes handed to the parser at a time, after which it can be made to end
)

// What a file that cannot be parsed whole is told as.
var (
	ErrTooLarge = fmt.Errorf("larger than %d bytes", MaxSource)
	ErrTooSlow  = errors.New("took too long to parse; read in part")
	ErrTooDeep  = fmt.Errorf("nested deeper than %d levels; read in part", maxDepth)
)

// Language is a grammar, ready to parse. Make one per language and keep it: it may be used by many at once.
type Language struct {
	inner  *sitter.Language
	kinds  []string // by symbol
	keep   []bool   // by symbol; punctuation is left out of trees
	fields []string // by field number
	symbol map[string]fieldID
}

type fieldID = uint8

// Python is Python 3's grammar, which also reads most of Python 2.
func Python() *Language { return newLanguage(python.Language()) }

// JavaScript is JavaScript's grammar, with JSX.
func JavaScript() *Language { return newLanguage(javascript.Language()) }

// TypeScript is TypeScript's grammar, without JSX.
func TypeScript() *Language { return newLanguage(typescript.LanguageTypescript()) }

// TSX is TypeScript's grammar with JSX.
func TSX() *Language { return newLanguage(typescript.LanguageTSX()) }

func newLanguage(grammar unsafe.Pointer) *Language {
	plainAllocator()
	inner := sitter.NewLanguage(grammar)
	l := &Language{inner: inner, symbol: map[string]fieldID{}}
	for id := range inner.NodeKindCount() {
		kind := inner.NodeKindForId(uint16(id))
		l.kinds = append(l.kinds, kind)
		l.keep = append(l.keep, inner.NodeKindIsNamed(uint16(id)) || isWord(kind))
	}
	l.fields = append(l.fields, "")
	for id := 1; id <= int(inner.FieldCount()); id++ {
		name := inner.FieldNameForId(uint16(id))
		l.fields = append(l.fields, name)
		l.symbol[name] = fieldID(id)
	}
	return l
}

// isWord tells keywords, which matter (async, export, default), from punctuation.
func isWord(kind string) bool { return kind != "" && kind[0] >= 'a' && kind[0] <= 'z' }

// Parse reads source, which must not change afterwards. A tree comes with an error where only part of it was read; there
// is none when nothing was.
func (l *Language) Parse(ctx context.Context, source []byte) (*Tree, error) {
	if len(source) > MaxSource {
		return nil, ErrTooLarge
	}
	parser := sitter.NewParser()
	defer parser.Close()
	if err := parser.SetLanguage(l.inner); err != nil {
		return nil, fmt.Errorf("set the grammar: %w", err)
	}
	reader := reader{source: source, deadline: time.Now().Add(maxTime), ctx: ctx}
	parsed := parser.ParseWithOptions(reader.read, nil, nil)
	if parsed == nil {
		return nil, errors.New("the parser gave up")
	}
	defer parsed.Close()
	if err := ctx.Err(); err != nil {
		return nil, err
	}
	tree := &Tree{language: l, Source: source}
	deep := tree.flatten(parsed.RootNode())
	switch {
	case reader.ended:
		return tree, ErrTooSlow
	case deep:
		return tree, ErrTooDeep
	}
	return tree, nil
}

// reader feeds the parser. To end a parse it says that the text ends here: the binding's own ways of cancelling are
// deprecated or leak memory with each call. How often the parser goes back in broken text is bounded, too, because the
// binding keeps a copy of everything it was handed until the end.
type reader struct {
	source   []byte
	deadline time.Time
	ctx      context.Context //nolint:containedctx // lives as long as the one call it belongs to
	reads    int
	ended    bool
}

func (r *reader) read(offset int, _ sitter.Point) []byte {
	if offset >= len(r.source) {
		return nil
	}
	r.reads++
	if r.ended || r.reads > 64+16*len(r.source)/chunk || r.ctx.Err() != nil || time.Now().After(r.deadline) {
		r.ended = true
		return nil
	}
	return r.source[offset:min(offset+chunk, len(r.source))]
}
