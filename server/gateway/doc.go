// Package gateway gives every preview an origin of its own: it passes requests on to the instance that their Host names, once a visitor has
// shown a token, and says in a page or a problem why there is none.
package gateway
