package golang_test

// programs are forms in which Go programs make routes. Those that one framework alone decides are in the corpus.
var programs = map[string]struct{ files, want string }{
	"table of routes": {`== main.go
package main

import (
	"net/http"

	"app/api"
)

func main() { http.ListenAndServe(":80", api.NewRouter()) }
== api/router.go
package api

import (
	"net/http"

	"github.com/gorilla/mux"
)

type Route struct {
	Name, Method, Pattern string
	HandlerFunc http.HandlerFunc
}

type Routes []Route

var routes = Routes{
	{"Index", "GET", "/", Index},
	{Name: "Show", Method: http.MethodGet, Pattern: "/todos/{id:[0-9]+}", HandlerFunc: Index},
	Route{"Create", "POST", "/todos", Index},
}

func NewRouter() *mux.Router {
	router := mux.NewRouter().StrictSlash(true)
	for _, route := range routes {
		var handler http.Handler
		handler = route.HandlerFunc
		handler = Logger(handler, route.Name)
		router.Methods(route.Method).Path(route.Pattern).Name(route.Name).Handler(handler)
	}
	return router
}

func Index(w http.ResponseWriter, r *http.Request) {}

func Logger(inner http.Handler, name string) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { inner.ServeHTTP(w, r) })
}
`, "GET /\nGET /todos/{id}\nPOST /todos"},

	"methods of a server": {`== main.go
package main

import "net/http"

type server struct {
	mux *http.ServeMux
	base string
}

func newServer() *server {
	s := &server{mux: http.NewServeMux(), base: "/v1"}
	s.routes()
	return s
}

func (s *server) routes() {
	s.mux.HandleFunc("GET "+s.base+"/items/{id}", s.item())
	s.handle("POST", "/items", s.item())
}

func (s *server) handle(method, path string, h http.HandlerFunc) { s.mux.HandleFunc(method+" "+s.base+path, h) }
func (s *server) item() http.HandlerFunc { return func(w http.ResponseWriter, r *http.Request) {} }
func (s *server) ServeHTTP(w http.ResponseWriter, r *http.Request) { s.mux.ServeHTTP(w, r) }

func main() {
	root := http.NewServeMux()
	root.Handle("/api/", http.StripPrefix("/api", newServer()))
	http.ListenAndServe("", root)
}
`, "GET /api/v1/items/{id}\nPOST /api/v1/items"},

	"nothing that is never reached": {`== main.go
package main

import "net/http"

const debug = false

func main() {
	http.HandleFunc("/used", nil)
	if debug {
		http.HandleFunc("/debug", nil)
	}
	os.Exit(0)
	http.HandleFunc("/after", nil)
}

func unused() { http.HandleFunc("/unused", nil) }
== main_test.go
package main

func init() { http.HandleFunc("/test", nil) }
== win_windows.go
package main

import "net/http"

func init() { http.HandleFunc("/windows", nil) }
== old.go
// +build never other

package main

import "net/http"

func init() { http.HandleFunc("/old", nil) }
== tagged.go
//go:build never

package main

import "net/http"

func init() { http.HandleFunc("/tagged", nil) }
`, "* /used"},

	"commands and what they are given": {`== main.go
package main

import (
	"app/cmd"
)

func main() { cmd.Execute() }
== cmd/root.go
package cmd

import (
	"github.com/labstack/echo/v4"
	"github.com/spf13/cobra"
	"go.uber.org/fx"
)

var root = &cobra.Command{Use: "app"}

var serve = &cobra.Command{
	Use: "serve",
	RunE: func(cmd *cobra.Command, args []string) error {
		fx.New(fx.Provide(echo.New, newHandler), fx.Invoke(register)).Run()
		return nil
	},
}

func init() { root.AddCommand(serve) }

func Execute() { root.Execute() }

type handler struct{}

func newHandler() *handler { return &handler{} }

func register(e *echo.Echo, h *handler) {
	g := e.Group("/h")
	h.mount(g)
}

func (h *handler) mount(g *echo.Group) { g.GET("/:id", h.get) }
func (h *handler) get(c echo.Context) error { return nil }
`, "GET /h/{id}"},

	"interfaces and embedding": {`== main.go
package main

import "github.com/go-chi/chi/v5"

type Controller interface {
	Routes(r chi.Router)
}

type base struct{ prefix string }

func (b *base) Path(p string) string { return b.prefix + p }

type users struct{ base }
type posts struct{ *base }

func (u *users) Routes(r chi.Router) { r.Get(u.Path("/list"), nil) }
func (p posts) Routes(r chi.Router) { r.Route(p.Path("/{id}"), func(r chi.Router) { r.With(nil).Delete("/", nil) }) }

type app struct {
	chi.Router
	controllers []Controller
}

func main() {
	a := &app{Router: chi.NewRouter(), controllers: []Controller{&users{base{"/users"}}}}
	a.controllers = append(a.controllers, posts{&base{prefix: "/posts"}})
	for _, c := range a.controllers {
		c.Routes(a)
	}
	a.Group(func(r chi.Router) { r.Post("/login", nil) })
}
`, "DELETE /posts/{id}/\nGET /users/list\nPOST /login"},

	"a wrapper of its own": {`== main.go
package main

import (
	"fmt"
	"net/http"
	"path"
	"strings"

	"github.com/go-chi/chi/v5"
)

type Router struct {
	r      chi.Router
	prefix string
}

func New() *Router { return &Router{r: chi.NewRouter()} }

func (w *Router) full(p string) string { return path.Join("/", w.prefix, strings.TrimPrefix(p, "/")) }
func (w *Router) Get(p string, h http.HandlerFunc) { w.r.Get(w.full(p), h) }
func (w *Router) Group(p string, fn func()) {
	before := w.prefix
	w.prefix += p
	fn()
	w.prefix = before
}

const api = "api"

func main() {
	r := New()
	r.Group("/a", func() {
		r.Get("x", nil)
		r.Group("/b", func() { r.Get("/y", nil) })
	})
	r.Get(fmt.Sprintf("/%s/v%d/z", api, 2), nil)
}
`, "GET /a/b/y\nGET /a/x\nGET /api/v2/z"},

	"prefixes that are configured": {`== main.go
package main

import (
	"os"

	"github.com/gin-gonic/gin"
)

type config struct {
	Base string
	Path string ` + "`envDefault:\"/fixed\"`" + `
	Metrics bool
}

func env(key, fallback string) string {
	if v := os.Getenv(key); v != "" {
		return v
	}
	return fallback
}

func main() {
	var c config
	load(&c)
	r := gin.Default()
	r.Group(c.Base).GET("/one", nil)
	r.Group(c.Path).GET("/two", nil)
	r.Group(env("PREFIX", "/env")).GET("/three", nil)
	if c.Metrics {
		r.GET("/metrics", nil)
	}
}

func load(c *config) {}
`, "GET /env/three\nGET /fixed/two\nGET /metrics\nGET /one"},

	"a container of dependencies": {`== main.go
package main

import (
	"net/http"

	"github.com/samber/do"
	"go.uber.org/fx"
)

type Route interface {
	http.Handler
	Pattern() string
}

type echo struct{}

func (*echo) Pattern() string { return "/echo" }
func (*echo) ServeHTTP(http.ResponseWriter, *http.Request) {}

type hello struct{}

func (*hello) Pattern() string { return "/hello" }
func (*hello) ServeHTTP(http.ResponseWriter, *http.Request) {}

func newMux(routes []Route) *http.ServeMux {
	mux := http.NewServeMux()
	for _, route := range routes {
		mux.Handle(route.Pattern(), route)
	}
	return mux
}

type server struct{ mux *http.ServeMux }

func (s *server) start() { s.mux.HandleFunc("GET /started", nil) }

func main() {
	fx.New(fx.Provide(fx.Annotate(newMux, fx.ParamTags("group:routes")))).Run()
	do.MustInvoke[*server](nil).start()
}
`, "* /echo\n* /hello\nGET /started"},

	"a registry that packages fill": {`== main.go
package main

import (
	"github.com/gin-gonic/gin"

	_ "app/plugin"
	"app/registry"
)

func main() {
	r := gin.New()
	get := r.GET
	get("/alias", nil)
	registry.Apply(r)
}
== registry/registry.go
package registry

import "github.com/gin-gonic/gin"

var all []func(gin.IRouter)
var byName = map[string]func(gin.IRouter){}

func Add(name string, f func(gin.IRouter)) {
	all = append(all, f)
	byName[name] = f
}

func Apply(r *gin.Engine) {
	for _, f := range all {
		f(r)
	}
	for name, f := range byName {
		f(r.Group(name))
	}
}
== plugin/plugin.go
package plugin

import (
	"github.com/gin-gonic/gin"

	"app/registry"
)

func init() {
	registry.Add("one", func(r gin.IRouter) { r.GET("/plugin", nil) })
}
`, "GET /alias\nGET /one/plugin\nGET /plugin"},

	"routers inside routers": {`== main.go
package main

import (
	"net/http"

	"github.com/gin-gonic/gin"
	"github.com/go-chi/chi/v5"
	"github.com/gorilla/handlers"
	"github.com/gorilla/mux"
	"github.com/justinas/alice"
	"github.com/labstack/echo/v4"
	"github.com/rs/cors"
)

func main() {
	r := mux.NewRouter()
	r.HandleFunc("/gorilla/{id}", nil).Methods("GET")
	r.PathPrefix("/old").Handler(http.StripPrefix("/old", chiRouter()))
	http.Handle("/", handlers.CORS(handlers.AllowedOrigins(nil))(r))

	c := cors.New(cors.Options{})
	http.Handle("/chi/", c.Handler(http.StripPrefix("/chi", alice.New(logged).Then(chiRouter()))))

	e := echo.New()
	e.GET("/echo/:id", nil)
	e.Any("/wrapped/*", echo.WrapHandler(http.StripPrefix("/wrapped", plain())))

	g := gin.New()
	g.Any("/std/*any", gin.WrapH(plain()))
	g.POST("/gin", nil)
	go g.Run(":1")
	http.Handle("/echo/", e)
	http.ListenAndServe(":80", nil)
}

func logged(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) { next.ServeHTTP(w, r) })
}

func chiRouter() http.Handler {
	r := chi.NewRouter()
	r.Get("/x", nil)
	r.Mount("/y", logged(sub()))
	return r
}

func sub() http.Handler {
	r := chi.NewRouter()
	r.Put("/z", nil)
	return r
}

func plain() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /std/hello", nil)
	return mux
}
`, "GET /chi/x\nGET /echo/{id}\nGET /gorilla/{id}\nGET /old/x\nGET /std/hello\nGET /wrapped/std/hello\nPOST /gin\nPUT /chi/y/z\nPUT /old/y/z"},

	"fiber 3": {`== main.go
package main

import "github.com/gofiber/fiber/v3"

func main() {
	app := fiber.New()
	app.Add([]string{"GET", "POST"}, "/both", nil)
	app.Route("/chained/:id").Get(nil).Delete(nil)
	api := app.Group("/api", func(c fiber.Ctx) error { return nil })
	micro := fiber.New()
	micro.Get("/", nil)
	api.Use("/micro", micro)
	app.Listen(":80")
}
`, "DELETE /chained/{id}\nGET /api/micro/\nGET /both\nGET /chained/{id}\nPOST /both"},

	"a library": {`== lib.go
package lib

import "github.com/labstack/echo/v4"

func Register(e *echo.Group) {
	e.POST("/hook", nil)
}
`, "POST /hook"},
}
