// Command server serves quotes with gin.
package main

import (
	"cmp"
	"log"
	"net/http"
	"os"

	"github.com/gin-gonic/gin"

	"example.com/go-gin/internal/quotes"
)

func main() {
	book := quotes.New()
	r := gin.Default()
	r.GET("/", func(c *gin.Context) {
		c.JSON(http.StatusOK, gin.H{"quotes": "/quotes"})
	})
	r.GET("/quotes", func(c *gin.Context) {
		c.JSON(http.StatusOK, book.All())
	})
	r.POST("/quotes", func(c *gin.Context) {
		var q quotes.Quote
		if err := c.ShouldBindJSON(&q); err != nil {
			c.JSON(http.StatusBadRequest, gin.H{"error": err.Error()})
			return
		}
		book.Add(q)
		c.JSON(http.StatusCreated, q)
	})
	log.Fatal(r.Run(":" + cmp.Or(os.Getenv("PORT"), "8080")))
}
