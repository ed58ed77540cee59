// Command shim is process 1 of every preview. See package previewd/runtime/shim.
package main

func main() {}
