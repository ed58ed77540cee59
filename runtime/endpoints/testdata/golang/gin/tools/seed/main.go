//go:build ignore

// Command seed fills the shop, and serves nothing that counts.
package main

import "github.com/gin-gonic/gin"

func main() { gin.Default().GET("/seed", nil) }
