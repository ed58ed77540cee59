// Package v2 is version 2.
package v2

import (
	"fmt"

	"github.com/gin-gonic/gin"

	"example.com/gin/internal/config"
)

const version = 2

// Server answers.
type Server struct {
	cfg    *config.Config
	router *gin.RouterGroup
}

// New makes one.
func New(cfg *config.Config) *Server { return &Server{cfg: cfg} }

// Routes adds version 2.
func (s *Server) Routes(base *gin.RouterGroup) {
	s.router = base.Group(fmt.Sprintf("/v%d", version))
	s.items()
	private := s.router.Group("/private")
	private.Use(s.guard())
	{
		private.PATCH("/items/:id", s.item)
	}
}

func (s *Server) items() {
	s.router.GET("/items/", s.item)
	s.router.OPTIONS("/items", s.item)
	s.router.DELETE("/items/:id", s.guard(), s.item)
}

func (s *Server) guard() gin.HandlerFunc { return s.item }

func (s *Server) item(c *gin.Context) {}
