package syntax

/*
#cgo CFLAGS: -std=c11
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Declared here as in tree_sitter/api.h, which the binding's module does not offer to others. The Go compiler checks
// below that the binding's node has this shape.
typedef struct { uint32_t row, column; } TSPoint;
typedef struct { uint32_t context[4]; const void *id; const void *tree; } TSNode;
typedef struct { const void *tree; const void *id; uint32_t context[3]; } TSTreeCursor;

uint16_t ts_node_symbol(TSNode);
uint32_t ts_node_start_byte(TSNode);
TSPoint ts_node_start_point(TSNode);
uint32_t ts_node_end_byte(TSNode);
TSTreeCursor ts_tree_cursor_new(TSNode);
void ts_tree_cursor_delete(TSTreeCursor *);
TSNode ts_tree_cursor_current_node(const TSTreeCursor *);
uint16_t ts_tree_cursor_current_field_id(const TSTreeCursor *);
bool ts_tree_cursor_goto_parent(TSTreeCursor *);
bool ts_tree_cursor_goto_next_sibling(TSTreeCursor *);
bool ts_tree_cursor_goto_first_child(TSTreeCursor *);
void ts_set_allocator(void *(*)(size_t), void *(*)(size_t, size_t), void *(*)(void *, size_t), void (*)(void *));

static void plain_allocator(void) { ts_set_allocator(0, 0, 0, 0); }

typedef struct { uint32_t start, end, row, size; uint16_t kind; uint8_t field, unused; } flat;

// flatten writes the tree below root into out, in the order of the text, and returns how many nodes it wrote. Nodes below
// max_depth are left out, and so are those without a field whose symbol is not in keep. out has room for room nodes,
// open for max_depth.
static uint32_t flatten(TSNode root, const bool *keep, flat *out, uint32_t room, uint32_t *open, uint32_t max_depth, bool *deep) {
  TSTreeCursor cursor = ts_tree_cursor_new(root);
  uint32_t count = 0, depth = 0;
  for (;;) {
    TSNode node = ts_tree_cursor_current_node(&cursor);
    uint16_t kind = ts_node_symbol(node), field = ts_tree_cursor_current_field_id(&cursor);
    bool kept = (kind == UINT16_MAX || keep[kind] || field != 0) && count < room;
    if (kept) {
      out[count] = (flat){
        .start = ts_node_start_byte(node), .end = ts_node_end_byte(node), .row = ts_node_start_point(node).row,
        .size = 1, .kind = kind, .field = (uint8_t)field,
      };
      open[depth] = count++;
      if (ts_tree_cursor_goto_first_child(&cursor)) {
        if (depth + 1 < max_depth) {
          depth++;
          continue;
        }
        *deep = true;
        ts_tree_cursor_goto_parent(&cursor);
      }
    }
    while (!ts_tree_cursor_goto_next_sibling(&cursor)) {
      if (depth == 0) {
        out[0].size = count;
        ts_tree_cursor_delete(&cursor);
        return count;
      }
      ts_tree_cursor_goto_parent(&cursor);
      depth--;
      out[open[depth]].size = count - open[depth];
    }
  }
}
*/
import "C"

import (
	"sync"
	"unsafe"

	sitter "github.com/tree-sitter/go-tree-sitter"
)

// plainAllocator lets the parser take memory from C itself. The binding leads every allocation through Go, which is a quarter
// of a parse.
var plainAllocator = sync.OnceFunc(func() { C.plain_allocator() })

// The binding's node is C's.
var _ = [1]struct{}{}[unsafe.Sizeof(sitter.Node{})-C.sizeof_TSNode]

// flat is one node: where its text is, the row it begins on, how many nodes it spans with itself.
type flat = C.flat

// flatten copies a tree of the parser's into Go memory: one call for a whole file, where walking it from here would be
// a dozen calls for each node. It reports whether the tree was cut for being deep.
func (t *Tree) flatten(root *sitter.Node) bool {
	room := root.DescendantCount()
	nodes := make([]flat, room)
	open := make([]C.uint32_t, maxDepth)
	deep := C.bool(false)
	count := C.flatten(*(*C.TSNode)(unsafe.Pointer(root)), (*C.bool)(unsafe.SliceData(t.language.keep)), &nodes[0],
		C.uint32_t(room), &open[0], maxDepth, &deep)
	t.nodes = nodes[:count]
	if room > 2*uint(count) {
		t.nodes = append(make([]flat, 0, count), t.nodes...)
	}
	return bool(deep)
}
