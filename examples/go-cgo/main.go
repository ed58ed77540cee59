// Command go-cgo answers with a sum that C computed.
package main

/*
static long sum_to(long n) {
	long sum = 0;
	for (long i = 1; i <= n; i++) sum += i;
	return sum;
}
*/
import "C"

import (
	"cmp"
	"fmt"
	"log"
	"net/http"
	"os"
	"strconv"
)

func main() {
	http.HandleFunc("GET /", func(w http.ResponseWriter, r *http.Request) {
		n, err := strconv.ParseInt(cmp.Or(r.URL.Query().Get("n"), "100"), 10, 32)
		if err != nil {
			http.Error(w, "n must be a number", http.StatusBadRequest)
			return
		}
		fmt.Fprintf(w, "1 + … + %d = %d\n", n, int64(C.sum_to(C.long(n))))
	})
	log.Fatal(http.ListenAndServe(":"+cmp.Or(os.Getenv("PORT"), "8080"), nil))
}
