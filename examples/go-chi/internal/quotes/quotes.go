// Package quotes keeps quotes in memory.
package quotes

import (
	"slices"
	"sync"
)

// Quote is who said what.
type Quote struct {
	Text string `json:"text"`
	By   string `json:"by"`
}

// Book is a list of quotes, safe for concurrent use.
type Book struct {
	mu     sync.Mutex
	quotes []Quote
}

// New returns a book with a first quote.
func New() *Book {
	return &Book{quotes: []Quote{{Text: "Clear is better than clever.", By: "Go proverb"}}}
}

// All returns the quotes, oldest first.
func (b *Book) All() []Quote {
	b.mu.Lock()
	defer b.mu.Unlock()
	return slices.Clone(b.quotes)
}

// Add appends a quote.
func (b *Book) Add(q Quote) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.quotes = append(b.quotes, q)
}
