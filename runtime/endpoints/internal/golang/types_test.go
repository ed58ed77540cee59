package golang_test

import "testing"

func TestTypes(t *testing.T) {
	testSnippets(t, map[string]snippet{
		"embedding": {`type base struct{ prefix string }

func (b base) path(p string) string { return b.prefix + p }
func (b *base) set(p string) { b.prefix = p }

type middle struct {
	base
	name string
}
type outer struct{ *middle }

func (o outer) path(p string) string { return "/outer" + o.middle.path(p) }

func main() {
	m := middle{base{"/m"}, "n"}
	http.HandleFunc(m.path("/1")+m.name, nil)
	m.set("/set")
	http.HandleFunc(m.path("/2"), nil)
	o := outer{&m}
	http.HandleFunc(o.path("/3"), nil)
	http.HandleFunc(o.prefix+o.base.path("/4")+o.name, nil)
	o.set("/deep")
	http.HandleFunc(m.prefix, nil)
}`, "/deep /m/1n /outer/set/3 /set/2 /set/set/4n"},

		"interfaces": {`type pather interface{ path() string }
type named interface {
	pather
	name() string
}
type a struct{ n string }
type b string

func (x *a) path() string { return "/a/" + x.n }
func (x *a) name() string { return x.n }
func (x b) path() string { return "/b/" + string(x) }

func mount(p pather) { http.HandleFunc(p.path(), nil) }

func main() {
	for _, p := range []pather{&a{"1"}, &a{"2"}} { mount(p) }
	var n named = &a{"3"}
	mount(n)
	http.HandleFunc("/"+n.name(), nil)
	http.HandleFunc(pather(n).path()+"/again", nil)
}`, "/3 /a/1 /a/2 /a/3 /a/3/again"},

		"conversions": {`type path string
type level int

const api path = "/api"

func main() {
	http.HandleFunc(string(api)+"/a", nil)
	http.HandleFunc(string(api+path("/b")), nil)
	http.HandleFunc("/"+strconv.Itoa(int(level(4))+int(int64(1))), nil)
	http.HandleFunc("/"+string(rune(65)), nil)
	var x any = "/any"
	http.HandleFunc(x.(string), nil)
	if s, ok := x.(string); ok { http.HandleFunc(s+"/ok", nil) }
	http.Handle("/f", http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
}`, "/5 /A /any /any/ok /api/a /api/b /f"},

		"types without a name": {`var one = struct {
	path string
	sub  struct{ path string }
}{path: "/one"}

func main() {
	for _, r := range []struct{ method, path string }{{"GET", "/a"}, {path: "/b", method: "POST"}} {
		http.HandleFunc(r.method+" "+r.path, nil)
	}
	one.sub.path = "/sub"
	http.HandleFunc(one.path+one.sub.path, nil)
	for _, p := range []*struct{ p string }{{"/p"}, {"/q"}} { http.HandleFunc(p.p, nil) }
}`, "/one/sub /p /q GET:/a POST:/b"},

		"types of a function": {`func main() {
	type pair struct{ a, b string }
	type pairs []pair
	for _, p := range (pairs{{"a", "b"}, {b: "d", a: "c"}}) { http.HandleFunc("/"+p.a+p.b, nil) }
	var p pair
	p.a = "x"
	http.HandleFunc("/"+p.a, nil)
}`, "/ab /cd /x"},

		"aliases": {`type alias = original
type original struct{ p string }
type list = []original
type derived original

func (o original) path() string { return "/" + o.p }

func main() {
	http.HandleFunc(alias{"a"}.path(), nil)
	for _, o := range (list{{"b"}, {p: "c"}}) { http.HandleFunc(o.path(), nil) }
	http.HandleFunc("/"+derived{"d"}.p, nil)
	http.HandleFunc((*(&alias{"e"})).path(), nil)
}`, "/a /b /c /d /e"},

		"methods of types that are no struct": {`type names []string
type set map[string]string

func (n names) mount() { for _, name := range n { http.HandleFunc("/"+name, nil) } }
func (n names) first() string { return n[0] }

func mount(n names) { for i := range n { http.HandleFunc("/i"+strconv.Itoa(i), nil) } }

func main() {
	mount(names{"a", "b"})
	mount([]string{"c", "d", "e"})
	for k := range set(map[string]string{"k": ""}) { http.HandleFunc("/"+k, nil) }
}`, "/i0 /i1 /i2 /k"},

		"variables of a package": {`var (
	prefix, name = "/p", "n"
	full         = join(prefix, name)
	later        string
	table        = func() []string { return []string{full + "/1", full + "/2"} }()
)

func join(parts ...string) string { return strings.Join(parts, "/") }

func init() { later = full + "/later" }
func init() { http.HandleFunc(later, nil) }

func main() {
	for _, p := range table { http.HandleFunc(p, nil) }
	prefix = "/changed"
	http.HandleFunc(prefix, nil)
}`, "/changed /p/n/1 /p/n/2 /p/n/later"},

		"names that hide others": {`var name = "outer"

func main() {
	http.HandleFunc("/"+name, nil)
	name := "inner"
	if name := "if"; true { http.HandleFunc("/"+name, nil) }
	{
		name := name + "/block"
		http.HandleFunc("/"+name, nil)
		len := func(s string) string { return s + "/len" }
		http.HandleFunc("/"+len(name), nil)
	}
	name, other := name+"/again", "x"
	http.HandleFunc("/"+name+other, nil)
}`, "/if /inner/againx /inner/block /inner/block/len /outer"},
	})
}
