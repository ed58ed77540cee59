package main

import (
	"os"

	"github.com/gofiber/fiber/v2"
)

// serve answers requests until the process ends.
func serve(app *fiber.App) error { return app.Listen(":" + os.Getenv("PORT")) }
