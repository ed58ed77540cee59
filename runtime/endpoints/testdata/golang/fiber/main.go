// A list on fiber.
package main

import (
	"log"

	"github.com/gofiber/fiber/v2"

	"example.com/fiber/routes"
)

func main() {
	app := fiber.New()
	app.Use(func(c *fiber.Ctx) error { return c.Next() })
	setup(app)
	log.Fatal(serve(app))
}

func setup(app *fiber.App) {
	app.Get("/", hello)
	app.Add("PATCH", "/add", hello)
	app.Get("/user/:name?", hello)
	app.Get("/flights/:from-:to", hello)
	app.Post("/typed/:id<int>", hello)
	app.Get("/files/*", hello)
	app.All("/all", hello)

	api := app.Group("/api", logger)
	v1 := api.Group("/v1")
	routes.Books(v1)
	app.Route("/inline", func(r fiber.Router) {
		r.Get("/a", hello)
		r.Delete("/a/:id", hello)
	}, "inline.")

	micro := fiber.New()
	micro.Put("/doe", hello)
	app.Mount("/john", micro)
}

func logger(c *fiber.Ctx) error { return c.Next() }

func hello(c *fiber.Ctx) error { return c.SendString("hi") }
