// Package routes has them.
package routes

import "github.com/gofiber/fiber/v2"

// Books adds those for books.
func Books(r fiber.Router) {
	books := r.Group("/books")
	books.Get("/", list)
	books.Post("", list).Name("create")
	books.Get("/:id", list)
}

func list(c *fiber.Ctx) error { return nil }
