// Package api is version 1.
package api

import (
	"net/http"

	"github.com/gin-gonic/gin"
)

// Handler answers for one resource.
type Handler interface {
	Mount(r gin.IRouter)
}

type resource struct {
	name string
	deep bool
}

// Mount adds the usual routes.
func (s resource) Mount(r gin.IRouter) {
	g := r.Group("/" + s.name)
	g.GET("", s.answer)
	g.POST("", s.answer)
	g.GET("/:id", s.answer)
	if s.deep {
		g.PUT("/:id/parts/:part", s.answer)
	}
}

func (s resource) answer(c *gin.Context) { c.String(http.StatusOK, s.name) }

var handlers = []Handler{resource{name: "orders", deep: true}, &resource{name: "carts"}}

// Register adds version 1.
func Register(g *gin.RouterGroup) {
	for _, h := range handlers {
		h.Mount(g)
	}
	registerPing(g)
}

func registerPing(r gin.IRoutes) { r.GET("ping", func(c *gin.Context) {}) }
