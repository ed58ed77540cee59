package golang_test

import "testing"

func TestLoops(t *testing.T) {
	testSnippets(t, map[string]snippet{
		"counting": {`func main() {
	for i := 0; i < 3; i++ { http.HandleFunc("/up/"+strconv.Itoa(i), nil) }
	for i := 3; i > 1; i-- { http.HandleFunc("/down/"+strconv.Itoa(i), nil) }
	for i := 1; i <= 8; i *= 2 { http.HandleFunc("/double/"+strconv.Itoa(i), nil) }
	i := 5
	for i >= 4 { http.HandleFunc("/while/"+strconv.Itoa(i), nil); i-- }
}`, "/double/1 /double/2 /double/4 /double/8 /down/2 /down/3 /up/0 /up/1 /up/2 /while/4 /while/5"},

		"over a number": {`func main() {
	for i := range 3 { http.HandleFunc("/n/"+strconv.Itoa(i), nil) }
	for range 2 { http.HandleFunc("/again", nil) }
}`, "/again /n/0 /n/1 /n/2"},

		"over lists": {`func main() {
	for i, name := range []string{"a", "b"} { http.HandleFunc(fmt.Sprintf("/%d/%s", i, name), nil) }
	for i := range [2]string{"x", "y"} { http.HandleFunc("/index/"+strconv.Itoa(i), nil) }
	for _, row := range [][]string{{"c", "d"}, {"e"}} {
		for _, name := range row { http.HandleFunc("/row/"+name, nil) }
	}
	for range []string{} { http.HandleFunc("/never", nil) }
}`, "/0/a /1/b /index/0 /index/1 /row/c /row/d /row/e"},

		"over maps": {`func main() {
	for name, version := range map[string]int{"a": 1, "b": 2} { http.HandleFunc("/"+name+"/v"+strconv.Itoa(version), nil) }
	for name := range map[string][]string{"only": nil} { http.HandleFunc("/"+name, nil) }
	for _, names := range map[int][]string{1: {"c", "d"}} {
		for _, name := range names { http.HandleFunc("/in/"+name, nil) }
	}
}`, "/a/v1 /b/v2 /in/c /in/d /only"},

		"into variables that are there": {`func main() {
	var i int
	var name string
	for i, name = range []string{"a", "b"} { http.HandleFunc(fmt.Sprintf("/%d/%s", i, name), nil) }
	http.HandleFunc(fmt.Sprintf("/last/%d/%s", i, name), nil)
	var at struct{ name string }
	for _, at.name = range []string{"x", "y"} {}
	http.HandleFunc("/"+at.name, nil)
}`, "/0/a /1/b /last/1/b /y"},

		"break and continue": {`func main() {
	for i := range 10 {
		if i == 1 { continue }
		if i == 3 { break }
		http.HandleFunc("/range/"+strconv.Itoa(i), nil)
	}
	for i := 0; i < 9; i++ {
		if i == 2 { break }
		http.HandleFunc("/for/"+strconv.Itoa(i), nil)
	}
	for i := 0; i < 4; i++ {
		if i%2 == 1 { continue }
		http.HandleFunc("/even/"+strconv.Itoa(i), nil)
	}
}`, "/even/0 /even/2 /for/0 /for/1 /range/0 /range/2"},

		"labels": {`func main() {
outer:
	for _, a := range []string{"a", "b", "c"} {
		for _, b := range []string{"1", "2", "3"} {
			if b == "2" { continue outer }
			if a == "c" { break outer }
			http.HandleFunc("/"+a+b, nil)
		}
		http.HandleFunc("/end/"+a, nil)
	}
loop:
	for i := 0; i < 3; i++ {
		switch i {
		case 1: continue loop
		case 2: break loop
		}
		http.HandleFunc("/i/"+strconv.Itoa(i), nil)
	}
}`, "/a1 /b1 /i/0"},

		"break leaves a switch only": {`func main() {
	for _, name := range []string{"a", "b"} {
		switch {
		case name == "a":
			if name != "" { break }
			http.HandleFunc("/never", nil)
		}
		http.HandleFunc("/"+name, nil)
	}
}`, "/a /b"},

		"return from inside": {`func first(names []string) string {
	for _, name := range names {
		if strings.HasPrefix(name, "b") { return name }
	}
	return "none"
}

func until(n int) string {
	for i := 0; i < 10; i++ {
		if i*i > n { return strconv.Itoa(i) }
	}
	return "never"
}

func main() {
	http.HandleFunc("/"+first([]string{"a", "bc", "bd"}), nil)
	http.HandleFunc("/"+first([]string{"a"}), nil)
	http.HandleFunc("/"+until(10), nil)
}`, "/4 /bc /none"},

		"over what is not known": {`type page struct{ Path string }

var pages []page

func init() { json.Unmarshal(nil, &pages) }

func main() {
	http.HandleFunc("/before", nil)
	for _, p := range pages { http.HandleFunc("/pages/"+p.Path, nil) }
	for name := range flag.Args() { http.HandleFunc("/args/x", nil); _ = name }
	for more() { http.HandleFunc("/more", nil) }
}

func more() bool`, "/args/x /before /more /pages/{Path}"},

		"a closure for each": {`func main() {
	var all []func()
	for _, name := range []string{"a", "b"} {
		all = append(all, func() { http.HandleFunc("/"+name, nil) })
	}
	for _, f := range all { f() }
}`, "/a /b"},

		"channels": {`func main() {
	c := make(chan func(), 1)
	c <- func() { http.HandleFunc("/sent", nil) }
	(<-c)()
}`, "/sent"},
	})
}

func TestSwitches(t *testing.T) {
	testSnippets(t, map[string]snippet{
		"by value": {`func of(n int) string {
	switch n {
	case 1, 2: return "few"
	case 3: return "three"
	default: return "many"
	}
}

func main() {
	for i := 1; i < 5; i++ { http.HandleFunc("/"+of(i), nil) }
	switch name := "b"; name {
	case "a": http.HandleFunc("/never", nil)
	case "b": http.HandleFunc("/"+name, nil)
	default: http.HandleFunc("/default", nil)
	}
	switch 7 {
	case 6: http.HandleFunc("/six", nil)
	}
}`, "/b /few /many /three"},

		"by condition": {`func main() {
	for _, n := range []int{1, 5, 9} {
		switch {
		case n < 3: http.HandleFunc("/small", nil)
		case n >= 9: http.HandleFunc("/large", nil)
		default: http.HandleFunc("/medium", nil)
		}
	}
}`, "/large /medium /small"},

		"the default comes first": {`func main() {
	for _, s := range []string{"x", "y"} {
		switch s {
		default: http.HandleFunc("/other/"+s, nil)
		case "x": http.HandleFunc("/x", nil)
		}
	}
}`, "/other/y /x"},

		"fallthrough": {`func main() {
	switch 1 {
	case 1:
		http.HandleFunc("/one", nil)
		fallthrough
	case 2:
		http.HandleFunc("/two", nil)
	case 3:
		http.HandleFunc("/three", nil)
	}
}`, "/one /two"},

		"by what is not known": {`func main() {
	prefix := "/plain"
	switch os.Getenv("MODE") {
	case "debug": http.HandleFunc("/debug", nil)
	case "trace": http.HandleFunc("/trace", nil); prefix = "/traced"
	default: http.HandleFunc("/default", nil)
	}
	http.HandleFunc(prefix+"/x", nil)
}`, "/debug /default /plain/x /trace"},

		"by type": {`type shape interface{ Path() string }
type round struct{}
type square struct{ name string }

func (round) Path() string { return "/round" }
func (s *square) Path() string { return "/square/" + s.name }

func mount(x any) {
	switch v := x.(type) {
	case nil:
	case shape: http.HandleFunc(v.Path(), nil)
	}
}

func main() {
	mount(round{})
	mount(&square{"a"})
	var s shape = &square{"b"}
	if sq, ok := s.(*square); ok { http.HandleFunc(sq.Path(), nil) }
	http.HandleFunc(s.(*square).Path()+"/again", nil)
	switch s.(type) {
	case *square: http.HandleFunc("/typed", nil)
	}
}`, "/round /square/a /square/b /square/b/again /typed"},

		"select": {`func main() {
	done, more := make(chan int), make(chan int)
	select {
	case <-done: http.HandleFunc("/done", nil)
	case n := <-more: http.HandleFunc("/more", nil); _ = n
	default: http.HandleFunc("/idle", nil)
	}
}`, "/done /idle /more"},

		"if and else": {`func main() {
	for i := range 3 {
		if i == 0 {
			http.HandleFunc("/if", nil)
		} else if n := i * 2; n == 2 {
			http.HandleFunc("/else/if", nil)
		} else {
			http.HandleFunc("/else", nil)
		}
	}
	if os.Getenv("DEBUG") == "1" { http.HandleFunc("/maybe", nil) } else { http.HandleFunc("/maybe/not", nil) }
}`, "/else /else/if /if /maybe /maybe/not"},

		"what never returns": {`func known(b bool) string {
	if b { return "yes" } else { return "no" }
	return "never"
}

func main() {
	if _, err := os.Open("x"); err != nil { http.HandleFunc("/failed", nil) }
	http.HandleFunc("/"+known(true), nil)
	http.HandleFunc("/"+known(1 > 2), nil)
	panic("over")
	http.HandleFunc("/after", nil)
}`, "/failed /no /yes"},
	})
}
