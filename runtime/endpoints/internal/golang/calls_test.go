package golang_test

import "testing"

func TestCalls(t *testing.T) {
	testSnippets(t, map[string]snippet{
		"several results": {`func pair() (string, int) { return "a", 1 }
func swap(a string, n int) (int, string) { return n, a }
func show(n int, s string) { http.HandleFunc(fmt.Sprintf("/%d/%s", n, s), nil) }

var first, second = pair()

func main() {
	s, n := pair()
	show(n, s)
	show(swap("b", 2))
	show(swap(pair()))
	show(second+2, first)
	_, only := pair()
	http.HandleFunc("/only/"+strconv.Itoa(only), nil)
	var x, y = swap("c", 4)
	show(x, y)
}`, "/1/a /2/b /3/a /4/c /only/1"},

		"named results": {`func named(s string) (p string, n int) {
	p = "/" + s
	n = len(s)
	return
}

func one() (p string) {
	p = "/one"
	return
}

func early(b bool) (p string) {
	p = "/early"
	if b { return "/other" }
	p += "/late"
	return p
}

func none() { return }

func main() {
	p, n := named("abc")
	http.HandleFunc(p+"/"+strconv.Itoa(n), nil)
	http.HandleFunc(one(), nil)
	http.HandleFunc(early(true), nil)
	http.HandleFunc(early(false), nil)
	none()
}`, "/abc/3 /early/late /one /other"},

		"variadic": {`func join(sep string, parts ...string) string {
	out := ""
	for i, p := range parts { if i > 0 { out += sep }; out += p }
	return "/" + out + "/" + strconv.Itoa(len(parts))
}

func main() {
	http.HandleFunc(join("-", "a", "b", "c"), nil)
	http.HandleFunc(join("-", []string{"d", "e"}...), nil)
	http.HandleFunc("/none"+join("-")[1:], nil)
	all := []string{"f"}
	http.HandleFunc(join("+", append(all, "g")...), nil)
}`, "/a-b-c/3 /d-e/2 /f+g/2 /none/0"},

		"closures": {`func counter(prefix string) func() string {
	n := 0
	return func() string { n++; return prefix + strconv.Itoa(n) }
}

func twice(f func(string)) { f("x"); f("y") }

func main() {
	a, b := counter("/a"), counter("/b")
	http.HandleFunc(a(), nil)
	http.HandleFunc(a(), nil)
	http.HandleFunc(b(), nil)
	seen := ""
	twice(func(s string) { seen += s; http.HandleFunc("/"+s, nil) })
	http.HandleFunc("/"+seen, nil)
	func(p string) { http.HandleFunc(p, nil) }("/now")
	defer func() { http.HandleFunc("/deferred", nil) }()
	go func() { http.HandleFunc("/go", nil) }()
}`, "/a1 /a2 /b1 /deferred /go /now /x /xy /y"},

		"functions as values": {
			`type mounter func(prefix string)

func plain(p string) { http.HandleFunc("/plain"+p, nil) }

var table = map[string]func(string){"a": plain, "b": func(p string) { http.HandleFunc("/b"+p, nil) }}

func main() {
	f := plain
	f("/f")
	for key, fn := range table { fn("/" + key) }
	mounter(plain)("/m")
	list := []mounter{plain, table["b"]}
	for i, fn := range list { fn("/" + strconv.Itoa(i)) }
	table["b"]("/direct")
	s := struct{ run func(string) }{plain}
	s.run("/field")
	compose(plain, func(s string) string { return s + "!" })("/c")
}

func compose(f func(string), g func(string) string) func(string) { return func(s string) { f(g(s)) } }`,
			"/b/1 /b/b /b/direct /plain/0 /plain/a /plain/c! /plain/f /plain/field /plain/m",
		},

		"methods as values": {`type app struct{ prefix string }

func (a *app) mount(p string) { http.HandleFunc(a.prefix+p, nil) }
func (a app) copied(p string) { a.prefix = "/copied"; http.HandleFunc(a.prefix+p, nil) }

func main() {
	a := &app{"/a"}
	f := a.mount
	f("/1")
	(*app).mount(a, "/2")
	app.copied(*a, "/3")
	a.copied("/4")
	a.mount("/5")
	for _, g := range []func(string){a.mount, (&app{"/b"}).mount} { g("/6") }
}`, "/a/1 /a/2 /a/5 /a/6 /b/6 /copied/3 /copied/4"},

		"recursion": {`type tree struct {
	name string
	kids []tree
}

func (t tree) mount(prefix string) {
	at := prefix + "/" + t.name
	http.HandleFunc(at, nil)
	for _, kid := range t.kids { kid.mount(at) }
}

func main() {
	tree{"a", []tree{{name: "b"}, {"c", []tree{{name: "d"}}}}}.mount("")
}`, "/a /a/b /a/c /a/c/d"},

		"generics": {`type number interface{ ~int | ~int64 }

func apply[T any](all []T, path func(T) string) {
	for _, one := range all { http.HandleFunc(path(one), nil) }
}

func mapped[K comparable, V any](k K, v V) map[K]V { return map[K]V{k: v} }

type box[T any] struct{ v T }

func (b box[T]) get() T { return b.v }

type pair[A, B any] struct {
	a A
	b B
}

func main() {
	apply([]string{"a", "b"}, func(s string) string { return "/" + s })
	apply[int]([]int{1, 2}, func(n int) string { return "/" + strconv.Itoa(n) })
	for k, v := range mapped[string, int]("k", 3) { http.HandleFunc(fmt.Sprintf("/%s/%d", k, v), nil) }
	http.HandleFunc(box[string]{"/box"}.get(), nil)
	p := pair[string, int]{"/p", 9}
	http.HandleFunc(p.a+strconv.Itoa(p.b), nil)
}`, "/1 /2 /a /b /box /k/3 /p9"},

		"options": {`type config struct{ prefix, name string }
type option func(*config)

func withPrefix(p string) option { return func(c *config) { c.prefix = p } }
func withName(n string) option { return func(c *config) { c.name = n } }

func mount(options ...option) {
	c := config{prefix: "/default", name: "x"}
	for _, o := range options { o(&c) }
	http.HandleFunc(c.prefix+"/"+c.name, nil)
}

func main() {
	mount()
	mount(withPrefix("/p"))
	mount(withName("y"), withPrefix("/q"))
}`, "/default/x /p/x /q/y"},

		"errors": {`var errNone = errors.New("none")

func find(name string) (string, error) {
	if name == "" { return "", errNone }
	return "/" + name, nil
}

func must(p string, err error) string {
	if err != nil { panic(err) }
	return p
}

func main() {
	p, err := find("a")
	if err != nil { os.Exit(1) }
	http.HandleFunc(p, nil)
	http.HandleFunc(must(find("b")), nil)
	if p, err := find("c"); err == nil { http.HandleFunc(p, nil) }
	if _, err := find(""); errors.Is(err, errNone) { http.HandleFunc("/none", nil) }
}`, "/a /b /c /none"},
	})
}
