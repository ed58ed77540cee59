package golang_test

import "testing"

func TestLists(t *testing.T) {
	testSnippets(t, map[string]snippet{
		"append": {`func main() {
	var all []string
	all = append(all, "a")
	all = append(all, "b", "c")
	all = append(all, []string{"d", "e"}...)
	all = append([]string{"first"}, all...)
	all = append(all)
	for _, name := range all { http.HandleFunc("/"+name, nil) }
	http.HandleFunc("/n"+strconv.Itoa(len(all)), nil)
}`, "/a /b /c /d /e /first /n6"},

		"slices of slices": {`func main() {
	all := []string{"a", "b", "c", "d"}
	for _, name := range all[1:3] { http.HandleFunc("/mid/"+name, nil) }
	for _, name := range all[:1] { http.HandleFunc("/low/"+name, nil) }
	for _, name := range all[3:] { http.HandleFunc("/high/"+name, nil) }
	for _, name := range all[:] { http.HandleFunc("/all/"+name, nil) }
	part := all[2:]
	part[0] = "z"
	http.HandleFunc("/"+all[2], nil)
	last := all[len(all)-1]
	all = all[:len(all)-1]
	http.HandleFunc(fmt.Sprintf("/%s/%d", last, len(all)), nil)
}`, "/all/a /all/b /all/c /all/d /d/3 /high/d /low/a /mid/b /mid/c /z"},

		"make": {`func main() {
	a := make([]string, 2)
	a[0], a[1] = "a", "b"
	b := make([]string, 0, 8)
	b = append(b, "c")
	for _, name := range a { http.HandleFunc("/a/"+name, nil) }
	for _, name := range b { http.HandleFunc("/b/"+name, nil) }
	for range make([]int, 0) { http.HandleFunc("/never", nil) }
	c := make([]func(), len(a))
	for i := range c { c[i] = func() { http.HandleFunc("/c/"+a[i], nil) } }
	for _, f := range c { f() }
}`, "/a/a /a/b /b/c /c/a /c/b"},

		"copy": {`func main() {
	from, to := []string{"a", "b", "c"}, []string{"x", "y"}
	n := copy(to, from)
	http.HandleFunc(fmt.Sprintf("/%s/%s/%d", to[0], to[1], n), nil)
	n = copy(to[1:], []string{"z"})
	http.HandleFunc(fmt.Sprintf("/%s/%s/%d", to[0], to[1], n), nil)
}`, "/a/b/2 /a/z/1"},

		"least and greatest": {`func main() {
	http.HandleFunc(fmt.Sprintf("/%d/%d/%d", min(3, 1, 2), max(3, 1, 2), max(7)), nil)
	http.HandleFunc("/"+min("b", "a")+"/"+max("b", "a"), nil)
	all := []string{"x", "y", "z"}
	for _, name := range all[:min(2, len(all))] { http.HandleFunc("/"+name, nil) }
}`, "/1/3/7 /a/b /x /y"},

		"texts by index": {`func main() {
	s := "/abc"
	if s[0] == '/' { http.HandleFunc(s[:2], nil) }
	if s[len(s)-1] != '/' { http.HandleFunc(s+"/", nil) }
	http.HandleFunc("/"+s[2:], nil)
	for i, r := range "xé" { http.HandleFunc(fmt.Sprintf("/%d/%d", i, r), nil) }
	for _, r := range "yz" { http.HandleFunc("/"+string(r), nil) }
	http.HandleFunc("/"+string(s[1])+string([]byte("bytes")), nil)
}`, "/0/120 /1/233 /a /abc/ /abytes /bc /y /z"},

		"strings.Cut": {`func main() {
	before, after, found := strings.Cut("GET /cut", " ")
	if found { http.HandleFunc(after+"/"+before, nil) }
	if _, _, found := strings.Cut("none", " "); found { http.HandleFunc("/never", nil) }
	if rest, ok := strings.CutPrefix("pre-one", "pre-"); ok { http.HandleFunc("/"+rest, nil) }
	if rest, ok := strings.CutSuffix("two.go", ".py"); !ok { http.HandleFunc("/"+rest, nil) }
}`, "/cut/GET /one /two.go"},
	})
}

func TestMaps(t *testing.T) {
	testSnippets(t, map[string]snippet{
		"keys that are set and deleted": {`func main() {
	m := map[string]string{"a": "1", "b": "2"}
	m["c"] = "3"
	m["a"] = "4"
	delete(m, "b")
	delete(m, "none")
	for k, v := range m { http.HandleFunc("/"+k+"/"+v, nil) }
	http.HandleFunc("/n"+strconv.Itoa(len(m)), nil)
}`, "/a/4 /c/3 /n2"},

		"made": {`func main() {
	m := make(map[int][]string)
	m[1] = append(m[1], "a")
	m[1] = append(m[1], "b")
	m[2] = []string{"c"}
	for k, all := range m { for _, v := range all { http.HandleFunc(fmt.Sprintf("/%d/%s", k, v), nil) } }
	var n map[string]bool = map[string]bool{"yes": true, "no": false}
	for k, on := range n { if on { http.HandleFunc("/"+k, nil) } }
}`, "/1/a /1/b /2/c /yes"},

		"of structs and of maps": {`type route struct{ path string }

var byKey = map[string]map[string]*route{"v1": {"a": {"/a"}, "b": {path: "/b"}}}

type key struct{ a, b string }

func main() {
	for version, routes := range byKey { for _, r := range routes { http.HandleFunc("/"+version+r.path, nil) } }
	byKey["v1"]["a"].path = "/changed"
	http.HandleFunc(byKey["v1"]["a"].path, nil)
	for k, v := range map[key]int{{"x", "y"}: 1} { http.HandleFunc(fmt.Sprintf("/%s/%s/%d", k.a, k.b, v), nil) }
}`, "/changed /v1/a /v1/b /x/y/1"},

		"a value and whether it is there": {`func main() {
	m := map[string]string{"a": "/a"}
	if p, ok := m["a"]; ok { http.HandleFunc(p, nil) }
	p, _ := m["a"]
	http.HandleFunc(p+"/again", nil)
}`, "/a /a/again"},
	})
}

func TestPointers(t *testing.T) {
	testSnippets(t, map[string]snippet{
		"to variables": {`type point struct{ name string }

func set(to *string, s string) { *to = s }
func change(p point) { p.name = "changed" }
func through(p *point) { p.name = "through" }

func main() {
	s := "a"
	set(&s, "b")
	http.HandleFunc("/"+s, nil)
	p := point{"p"}
	change(p)
	http.HandleFunc("/"+p.name, nil)
	through(&p)
	http.HandleFunc("/"+p.name, nil)
	q := p
	q.name = "q"
	http.HandleFunc("/"+p.name+"/"+q.name, nil)
	r := &p
	*r = point{"r"}
	http.HandleFunc("/"+p.name, nil)
	pp := &r
	(*pp).name = "pp"
	http.HandleFunc("/"+p.name, nil)
}`, "/b /p /pp /r /through /through/q"},

		"new": {`type point struct{ name string }

func main() {
	p := new(point)
	p.name = "p"
	s := new(string)
	*s = "s"
	*s += "t"
	http.HandleFunc("/"+p.name+"/"+*s, nil)
	m := new(map[string]string)
	*m = map[string]string{"k": "v"}
	for k, v := range *m { http.HandleFunc("/"+k+v, nil) }
	l := &[]string{"x"}
	*l = append(*l, "y")
	for _, v := range *l { http.HandleFunc("/"+v, nil) }
}`, "/kv /p/st /x /y"},

		"a list of nodes": {`type node struct {
	name string
	next *node
}

func main() {
	var head *node = nil
	for _, name := range []string{"a", "b", "c"} { head = &node{name, head} }
	for n := head; n != nil; n = n.next { http.HandleFunc("/"+n.name, nil) }
}`, "/a /b /c"},
	})
}
