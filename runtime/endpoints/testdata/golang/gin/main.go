// A shop on gin.
package main

import (
	"log"
	"net/http"

	"github.com/gin-gonic/gin"

	"example.com/gin/internal/api"
	v2 "example.com/gin/internal/api/v2"
	"example.com/gin/internal/config"
)

func main() {
	cfg := config.Load()
	r := gin.New()
	r.Use(gin.Recovery(), requestID())
	if cfg.Debug {
		gin.SetMode(gin.DebugMode)
	}
	r.GET("/", func(c *gin.Context) { c.String(http.StatusOK, "shop") })
	r.GET("/healthz", health).HEAD("/healthz", health)
	r.NoRoute(func(c *gin.Context) { c.Status(http.StatusNotFound) })

	base := r.Group(cfg.BasePath)
	api.Register(base.Group("/v1"))
	v2.New(cfg).Routes(base)

	admin := r.Group("/admin", auth("admin"))
	{
		admin.GET("/users", list)
		admin.Handle(http.MethodDelete, "/users/:id", list)
		reports := admin.Group("/reports")
		for _, name := range []string{"daily", "weekly"} {
			reports.GET("/"+name, list)
		}
	}
	r.Match([]string{http.MethodGet, http.MethodPost}, "/search/*query", list)
	r.StaticFile("/favicon.ico", "./favicon.ico")

	if err := serve(r); err != nil {
		log.Fatal(err)
	}
}

func requestID() gin.HandlerFunc { return func(c *gin.Context) { c.Next() } }

func auth(string) gin.HandlerFunc { return func(c *gin.Context) { c.Next() } }

func health(c *gin.Context) { c.Status(http.StatusNoContent) }

// list answers with everything.
func list(c *gin.Context) { c.JSON(http.StatusOK, []string{}) }

// old was replaced long ago.
func old(r *gin.Engine) { r.GET("/old", list) }
