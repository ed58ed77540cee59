package golang_test

import "testing"

func TestStandardLibrary(t *testing.T) {
	testSnippets(t, map[string]snippet{
		"fmt": {`type level int

func main() {
	name, n := "a", 7
	http.HandleFunc(fmt.Sprintf("/%s/%v/%d/%q", name, name, n, name), nil)
	http.HandleFunc(fmt.Sprintf("/%03d/%x/%X/%b/%.2s/%o", n, 255, 255, n, "abc", 8), nil)
	http.HandleFunc(fmt.Sprintf("/%[2]d/%[1]s/100%%", name, n), nil)
	http.HandleFunc(fmt.Sprintf("/%t/%v", n > 3, n > 9), nil)
	http.HandleFunc(fmt.Sprintf("/%c/%v", 'x', level(3)), nil)
	http.HandleFunc(fmt.Sprintf("/args/%s/%s", []any{"b", "c"}...), nil)
	http.HandleFunc(fmt.Sprint("/sprint/", n)+fmt.Sprint("/", name), nil)
	http.HandleFunc(fmt.Sprintf("/plain"), nil)
}`, `/007/ff/FF/111/ab/10 /7/a/100% /a/a/7/"a" /args/b/c /plain /sprint/7/a /true/false /x/3`},

		"fmt of what is not known": {`func main() {
	id := os.Getenv("ID")
	http.HandleFunc(fmt.Sprintf("/a/%s/b", id), nil)
	http.HandleFunc(fmt.Sprintf("/n/%d/b", count()), nil)
	http.HandleFunc("/c/"+fmt.Sprint(id)+"/d", nil)
}

func count() int { return config.Count }`, "/a/{env}/b /c/{env}/d"},

		"fmt that fills memory": {`func main() {
	for _, f := range []string{"%999999d", "%-0999999d", "%.999999d", "%[1]*d", "%5.*d", "%5.[1]*d", "%*d"} {
		http.HandleFunc("/"+fmt.Sprintf(f, 999999, 7)+"/a", nil)
	}
	http.HandleFunc(fmt.Sprintf("/v2026/%03d.2026/%.2s", 7, "abc"), nil)
}`, "/a /v2026/007.2026/ab"},

		"path": {`func main() {
	http.HandleFunc(path.Join("/a", "b/", "../c", "", "/d"), nil)
	http.HandleFunc("/"+filepath.Join("x", ".", "y"), nil)
	http.HandleFunc(path.Join("/", "v"+strconv.Itoa(2), path.Join("e", "f")), nil)
	http.HandleFunc(path.Join([]string{"/list", "of", "parts"}...), nil)
}`, "/a/c/d /list/of/parts /v2/e/f /x/y"},

		"net/url": {`func main() {
	joined, _ := url.JoinPath("/api/", "/v1", "items/")
	http.HandleFunc(joined, nil)
	if p, err := url.JoinPath("/base", "../up", "{id}"); err == nil { http.HandleFunc(p, nil) }
	if p, err := url.JoinPath("/alone"); err == nil { http.HandleFunc(p, nil) }
}`, "/alone /api/v1/items/ /up/{id}"},

		"strings that are cut": {`func main() {
	for _, p := range []string{
		"/" + strings.TrimPrefix("pre-one", "pre-"),
		"/" + strings.TrimSuffix("two.go", ".go"),
		strings.TrimRight("/three///", "/"),
		"/" + strings.TrimLeft("///four", "/"),
		"/" + strings.Trim("//five//", "/"),
		strings.TrimSpace("  /six\n"),
		strings.ToLower("/SEVEN"),
		"/" + strings.ToUpper("eight"),
		strings.ReplaceAll("/n:i:ne", ":", ""),
	} {
		http.HandleFunc(p, nil)
	}
}`, "/EIGHT /five /four /nine /one /seven /six /three /two"},

		"strings that are asked": {`func check(name string, b bool) { if b { http.HandleFunc("/"+name, nil) } }

func main() {
	const p = "/api/v1/items"
	check("prefix", strings.HasPrefix(p, "/api"))
	check("no-prefix", strings.HasPrefix(p, "/v1"))
	check("suffix", strings.HasSuffix(p, "items"))
	check("no-suffix", strings.HasSuffix(p, "/"))
	check("contains", strings.Contains(p, "/v1/"))
	check("no-contains", strings.Contains(p, "/v2/"))
	check("fold", strings.EqualFold("GET", "get"))
	check("no-fold", strings.EqualFold("GET", "put"))
}`, "/contains /fold /prefix /suffix"},

		"strings that are split and joined": {`func main() {
	parts := strings.Split("a,b,c", ",")
	for i, part := range parts { http.HandleFunc(fmt.Sprintf("/%d/%s", i, part), nil) }
	http.HandleFunc("/"+strings.Join(parts, "/"), nil)
	http.HandleFunc("/"+strings.Join(parts[1:], "-"), nil)
	http.HandleFunc("/"+parts[len(parts)-1], nil)
	http.HandleFunc("/n"+strconv.Itoa(len(parts)), nil)
}`, "/0/a /1/b /2/c /a/b/c /b-c /c /n3"},

		"strings of what is not known": {`func main() {
	base := os.Getenv("BASE")
	http.HandleFunc(strings.TrimSuffix(base, "/")+"/a", nil)
	http.HandleFunc("/x/"+strings.ToLower(base), nil)
	http.HandleFunc(strings.TrimPrefix("/b", base), nil)
	if strings.HasPrefix(base, "/") { http.HandleFunc("/perhaps", nil) }
	for _, part := range strings.Split(base, ",") { http.HandleFunc("/part/"+part, nil) }
}`, "/a /b /part/{value} /perhaps /x/{env}"},

		"defaults": {`func main() {
	prefix := flag.String("prefix", "/flag", "where")
	flag.Parse()
	http.HandleFunc(*prefix+"/a", nil)
	http.HandleFunc(cmp.Or(os.Getenv("BASE"), "", "/or")+"/b", nil)
	base := os.Getenv("PREFIX")
	if base == "" { base = "/set" }
	http.HandleFunc(base+"/c", nil)
}`, "/flag/a /or/b /set/c"},

		"sync": {`func main() {
	once := sync.OnceFunc(func() { http.HandleFunc("/once", nil) })
	once()
	once()
	value := sync.OnceValue(func() string { return "/value" })
	http.HandleFunc(value(), nil)
	var o sync.Once
	o.Do(func() { http.HandleFunc("/do", nil) })
}`, "/do /once /value"},

		"net/http": {`func main() {
	for _, m := range []string{http.MethodGet, http.MethodPost} { http.HandleFunc(m+" /m", nil) }
	mux := http.NewServeMux()
	mux.Handle("/sub/", http.StripPrefix("/sub", sub()))
	mux.HandleFunc("example.com/host", nil)
	mux.HandleFunc("/exact/{$}", nil)
	mux.HandleFunc("/rest/{path...}", nil)
	http.ListenAndServe("", mux)
}

func sub() http.Handler {
	mux := http.NewServeMux()
	mux.Handle("/in", http.HandlerFunc(func(http.ResponseWriter, *http.Request) {}))
	return mux
}`, "/exact/ /host /rest/{path} /sub/in GET:/m POST:/m"},
	})
}
