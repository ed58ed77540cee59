package golang_test

import "testing"

func TestOperators(t *testing.T) {
	testSnippets(t, map[string]snippet{
		"arithmetic": {`func main() {
	for _, n := range []int{7 + 2, 7 - 2, 7 * 2, 7 / 2, 7 % 2, -7 / 2, -7 % 4, 1<<4 | 3, 0xff & 0x1c, 6 ^ 5, 0x0f &^ 5, 256 >> 3, ^5, +8} {
		http.HandleFunc("/"+strconv.Itoa(n), nil)
	}
}`, "/-3 /-6 /1 /10 /14 /19 /28 /3 /32 /5 /8 /9"},

		"a division by what may be nothing": {`func main() {
	n := len([]string{})
	if n > 0 { http.HandleFunc("/"+strconv.Itoa(10/n), nil); http.HandleFunc("/"+strconv.Itoa(10%n), nil) }
	http.HandleFunc("/fine", nil)
}`, "/fine"},

		"comparison": {`func check(name string, b bool) {
	if b { http.HandleFunc("/"+name, nil) } else { http.HandleFunc("/not/"+name, nil) }
}

func main() {
	one, two, a, b := 1, 2, "a", "b"
	check("eq", one == 1)
	check("ne", one != two)
	check("lt", one < two)
	check("le", two <= one)
	check("gt", one > two)
	check("ge", two >= 2)
	check("text-eq", a == b)
	check("text-ne", a != b)
	check("text-lt", a < b)
	check("text-ge", a >= b)
	check("bool", true == false)
	check("rune", 'a' == 97)
}`, "/eq /ge /lt /ne /not/bool /not/gt /not/le /not/text-eq /not/text-ge /rune /text-lt /text-ne"},

		"logic": {`func check(name string, b bool) { if b { http.HandleFunc("/"+name, nil) } }

func main() {
	yes, no := true, false
	check("and", yes && yes)
	check("and-not", yes && no)
	check("or", no || yes)
	check("or-not", no || no)
	check("not", !no)
	check("not-not", !!no)
	check("short", no && os.Getenv("X") == "")
	check("long", yes || os.Getenv("X") == "")
	check("late", os.Getenv("X") == "" && no)
	check("late-or", os.Getenv("X") == "" || yes)
	check("parens", (yes || no) && !(no && yes))
}`, "/and /late-or /long /not /or /parens"},

		"nil": {`type node struct{ next *node }

func main() {
	n := &node{next: &node{}}
	if n != nil { http.HandleFunc("/there", nil) }
	if n == nil { http.HandleFunc("/not/there", nil) }
	if n.next != nil { http.HandleFunc("/next", nil) }
	f := func() {}
	if f != nil { http.HandleFunc("/func", nil) }
	if names := []string{"a"}; names != nil { http.HandleFunc("/list", nil) }
	if m := map[string]int{"a": 1}; nil == m { http.HandleFunc("/not/map", nil) }
	var h http.Handler = nil
	if h == nil { http.HandleFunc("/nil", nil) }
}`, "/func /list /next /nil /there"},

		"assignment": {`func main() {
	n, s := 6, "/a"
	s += "/b"
	n += 4
	http.HandleFunc(s+"/"+strconv.Itoa(n), nil)
	n -= 3
	n *= 5
	http.HandleFunc("/"+strconv.Itoa(n), nil)
	n /= 2
	http.HandleFunc("/"+strconv.Itoa(n), nil)
	n %= 10
	n <<= 2
	n |= 1
	http.HandleFunc("/"+strconv.Itoa(n), nil)
	n &= 24
	n ^= 3
	n >>= 1
	n &^= 1
	http.HandleFunc("/"+strconv.Itoa(n), nil)
	a, b := "x", "y"
	a, b = b, a
	http.HandleFunc("/"+a+"/"+b, nil)
	n++
	_, last := "ignored", n
	last--
	http.HandleFunc(fmt.Sprint("/", n, "-", last), nil)
}`, "/12 /13-12 /17 /29 /35 /a/b/10 /y/x"},

		"assignment to places": {`type app struct {
	prefix string
	count  int
	names  []string
	inner  struct{ name string }
}

func main() {
	a := app{names: []string{"a", "b"}}
	a.prefix = "/p"
	a.count = 3
	a.count += 2
	a.count++
	a.names[1] = "c"
	a.names[0] += "d"
	a.inner.name = "in"
	m := map[string]string{"k": "v"}
	m["k"] += "w"
	m["new"] = "n"
	p := &a
	p.prefix += "/q"
	(*p).inner.name += "ner"
	s := &a.names[1]
	*s = "e"
	(a.prefix) += "/r"
	http.HandleFunc(a.prefix+"/"+strconv.Itoa(a.count), nil)
	http.HandleFunc("/"+a.names[0]+"/"+a.names[1]+"/"+a.inner.name, nil)
	http.HandleFunc("/"+m["k"]+"/"+m["new"], nil)
}`, "/ad/e/inner /p/q/r/6 /vw/n"},

		"constants": {`const (
	_ = iota
	one
	two
	_
	four
)

const (
	base        = "/c"
	api, v      = base + "/api", 3
	big  uint   = 1 << (10 * iota)
	flagA, flagB = 1 << iota, iota * 10
)

var table = [...]string{one: "first", two: "second"}

func main() {
	const local = base + "/local"
	http.HandleFunc(fmt.Sprintf("/%d/%d/%d", one, two, four), nil)
	http.HandleFunc(fmt.Sprintf("%s/%d/%d/%d/%d", api, v, big, flagA, flagB), nil)
	http.HandleFunc(local, nil)
	http.HandleFunc("/"+table[two]+table[one], nil)
}`, "/1/2/4 /c/api/3/1048576/8/30 /c/local /secondfirst"},

		"constants of a function": {`func main() {
	const (
		a = iota + 1
		b
		c, d = iota, "x"
	)
	http.HandleFunc(fmt.Sprintf("/%d/%d/%d/%s", a, b, c, d), nil)
}`, "/1/2/2/x"},

		"literals": {"func main() {\n\thttp.HandleFunc(`/raw`, nil)\n" + `	http.HandleFunc("/\x61\u0062", nil)
	http.HandleFunc(fmt.Sprint("/", 0x10, "/", 0b11, "/", 0o17, "/", 1_000, "/", 'a'), nil)
}`, "/16/3/15/1000/97 /ab /raw"},
	})
}
