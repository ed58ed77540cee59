package redact

import (
	"bytes"
	"maps"
	"slices"
)

// machine finds all of its patterns in one pass (Aho and Corasick, 1975), in a time that no text and no patterns can make more than linear: both are
// strangers'. The libraries for it either do not tell where they matched or take a kilobyte for every byte of a pattern.
type machine struct {
	root   [256]int32 // where a byte leads from the start, 0 back to it
	begin  []int32    // of each state's edges in labels and targets; the next one's is the end
	labels []byte
	target []int32
	fail   []int32 // the state of the longest other suffix
	length []int32 // of the longest pattern that ends here, 0 none
	depth  []int32
}

func newMachine(patterns []string) machine {
	trie := []map[byte]int32{{}}
	length, depth := []int32{0}, []int32{0}
	for _, p := range patterns {
		at := int32(0)
		for i := range len(p) {
			next, ok := trie[at][p[i]]
			if !ok {
				next = int32(len(trie)) //nolint:gosec // the caller bounds the patterns
				trie[at][p[i]] = next
				trie, length, depth = append(trie, map[byte]int32{}), append(length, 0), append(depth, depth[at]+1)
			}
			at = next
		}
		length[at] = depth[at]
	}
	m := machine{length: length, depth: depth, fail: make([]int32, len(trie))}
	m.flatten(trie)
	m.link()
	return m
}

// flatten lays the edges out one after the other.
func (m *machine) flatten(trie []map[byte]int32) {
	m.begin = make([]int32, 0, len(trie)+1)
	for _, edges := range trie {
		m.begin = append(m.begin, int32(len(m.labels))) //nolint:gosec // as many as states
		for _, c := range slices.Sorted(maps.Keys(edges)) {
			m.labels, m.target = append(m.labels, c), append(m.target, edges[c])
		}
	}
	m.begin = append(m.begin, int32(len(m.labels))) //nolint:gosec // as many as states
	for c, next := range trie[0] {
		m.root[c] = next
	}
}

// link computes the failure states, the shallow ones first.
func (m *machine) link() {
	queue := make([]int32, 0, len(m.fail))
	for _, s := range m.root {
		if s != 0 {
			queue = append(queue, s)
		}
	}
	for i := 0; i < len(queue); i++ {
		s := queue[i]
		for e := m.begin[s]; e < m.begin[s+1]; e++ {
			child := m.target[e]
			m.fail[child] = m.step(m.fail[s], m.labels[e])
			m.length[child] = max(m.length[child], m.length[m.fail[child]])
			queue = append(queue, child)
		}
	}
}

func (m *machine) step(s int32, c byte) int32 {
	for s != 0 {
		begin := m.begin[s]
		if i := bytes.IndexByte(m.labels[begin:m.begin[s+1]], c); i >= 0 {
			return m.target[begin+int32(i)] //nolint:gosec // less than 256
		}
		s = m.fail[s]
	}
	return m.root[c]
}

// find returns the parts of the text that are patterns, those that touch as one, and how much of its end could be the beginning of another.
func (m *machine) find(text []byte) (spans []span, open int) {
	s := int32(0)
	for i, c := range text {
		if s == 0 {
			s = m.root[c]
		} else {
			s = m.step(s, c)
		}
		if s != 0 && m.length[s] > 0 {
			spans = merge(spans, span{i + 1 - int(m.length[s]), i + 1})
		}
	}
	return spans, int(m.depth[s])
}
