package golang_test

import "testing"

// TestWhatIsNotKnown has programs whose run depends on what the source does not say: all that may be served is told.
func TestWhatIsNotKnown(t *testing.T) {
	testSnippets(t, map[string]snippet{
		"an interface without a value": {`type plugin interface {
	Route() string
	Handle()
}
type one struct{}
type two struct{}
type half struct{}

func (*one) Route() string { return "/one" }
func (*one) Handle() { http.HandleFunc("/one", nil) }
func (two) Route() string { return "/two" }
func (two) Handle() { http.HandleFunc("/two", nil) }
func (half) Handle() { http.HandleFunc("/half", nil) }

func main() {
	var p plugin
	json.Unmarshal(nil, &p)
	p.Handle()
}`, "/one /two"},

		"an interface whose value was made": {`type plugin interface{ Handle() }
type one struct{ p string }
type two struct{}

func (o *one) Handle() { http.HandleFunc(o.p, nil) }
func (two) Handle() { http.HandleFunc("/two", nil) }

func start(p plugin) { p.Handle() }

func main() {
	keep(&one{"/made"})
	fx.Invoke(start)
}

func keep(any) {}`, "/made"},

		"either of two results": {`func pick() (string, error) {
	if os.Getenv("A") != "" { return "", errors.New("a") }
	return "/picked", nil
}

func one() string {
	if os.Getenv("B") != "" { return os.Getenv("B") }
	return "/one"
}

func list() []string {
	if os.Getenv("C") != "" { return nil }
	return []string{"/l1", "/l2"}
}

func handler() func() {
	if os.Getenv("D") != "" { return nil }
	return func() { http.HandleFunc("/func", nil) }
}

func main() {
	p, _ := pick()
	http.HandleFunc(p, nil)
	http.HandleFunc(one(), nil)
	for _, p := range list() { http.HandleFunc(p, nil) }
	handler()()
}`, "/func /l1 /l2 /one /picked"},

		"a switch that may have been set": {`var debug = false
var feature bool

type config struct {
	on   bool
	list []string
}

func main() {
	if debug { http.HandleFunc("/debug", nil) }
	if !feature { http.HandleFunc("/feature", nil) }
	on := false
	if os.Getenv("X") != "" { on = true }
	if on { http.HandleFunc("/on", nil) }
	off := false
	flag.BoolVar(&off, "off", false, "")
	if off { http.HandleFunc("/off", nil) }
	c := config{}
	if c.on { http.HandleFunc("/never", nil) }
	for _, p := range c.list { http.HandleFunc("/never/"+p, nil) }
	json.Unmarshal(nil, &c)
	if c.on { http.HandleFunc("/read", nil) }
}`, "/debug /feature /off /on /read"},

		"a variable that may have been set": {`func main() {
	a, b := "/a", ""
	if os.Getenv("X") != "" { a, b = "/x", "/b" }
	http.HandleFunc(a, nil)
	http.HandleFunc(b, nil)
	list := []string{"/1"}
	if os.Getenv("Y") != "" { list = append(list, "/2") }
	for _, p := range list { http.HandleFunc(p, nil) }
}`, "/1 /2 /a /b"},

		"branches that both leave": {`func path() string {
	if os.Getenv("X") != "" { return "/x" } else { panic("no") }
	http.HandleFunc("/never", nil)
	return "/z"
}

func main() { http.HandleFunc(path(), nil) }`, "/x"},

		"counted by what is not known": {`var n int

func main() {
	n++
	http.HandleFunc("/n/"+strconv.Itoa(n), nil)
	for i := 0; i < n; i++ { http.HandleFunc("/loop/"+strconv.Itoa(i), nil) }
	all := make([]string, n)
	for _, p := range all { http.HandleFunc("/made/"+p, nil) }
	m := map[string]string{}
	for k, v := range m { http.HandleFunc("/m/"+k+"/"+v, nil) }
	http.HandleFunc("/s/"+os.Args[1], nil)
	http.HandleFunc("/b/"+os.Getenv("X")[1:], nil)
	for i := range os.Getenv("X") { http.HandleFunc("/r/x", nil); _ = i }
}`, "/b/{slice} /loop/0 /m/{value}/{value} /made/{value} /n/{number} /r/x /s/{value}"},

		"parameters nobody gave": {`type handlers struct{ Prefix string }

func (h *handlers) mount(mux *http.ServeMux, name string, rest ...string) {
	mux.HandleFunc("/h/"+name, nil)
	mux.HandleFunc("/p/"+h.Prefix+"/x", nil)
	for _, r := range rest { mux.HandleFunc("/rest/"+r, nil) }
}

func main() { fx.Invoke((&handlers{}).mount) }`, "/h/{value} /p/x /rest/{value}"},

		"functions given to other code": {`type job struct{ run func() }

func main() {
	workers := pool.New()
	workers.Submit(func() { http.HandleFunc("/submitted", nil) })
	workers.All([]func(){func() { http.HandleFunc("/list", nil) }})
	workers.Add(job{run: func() { http.HandleFunc("/struct", nil) }})
	workers.OnStart = func() { http.HandleFunc("/assigned", nil) }
	c := cli.Command{Action: func() { http.HandleFunc("/command", nil) }}
	c.Run()
}`, "/assigned /command /list /struct /submitted"},

		"a router that is not known": {`func main() {
	r := web.NewThing()
	r.Get("/guess/:id", show)
	r.Post("/posted/{id:[0-9]+}", show)
	r.Get("relative", show)
	r.Lookup("/no/route", show)
	r.Get("/no/handler", "text")
	cache.Get("/key")
}

func show() {}`, "GET:/guess/{id} POST:/posted/{id}"},
	})
}
