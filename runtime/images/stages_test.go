package images

import (
	"slices"
	"testing"
)

const multiStage = `Step 1/6 : FROM debian:trixie-slim AS fetch
 ---> aaaaaaaaaaaa
Step 2/6 : RUN echo Step 1/1 : FROM x
 ---> Running in 111111111111
Step 9/9 looks like one
Removing intermediate container 111111111111
 ---> bbbbbbbbbbbb
Step 3/6 : FROM alpine:3 AS empty
 ---> cccccccccccc
Step 4/6 : FROM debian:trixie-slim
 ---> aaaaaaaaaaaa
Step 5/6 : COPY --from=fetch /x /x
 ---> Using cache
 ---> dddddddddddd
Successfully built dddddddddddd
`

func TestStagesButTheLast(t *testing.T) {
	var s stages
	w := &lineWriter{emit: s.see}
	for _, b := range []byte(multiStage) {
		if _, err := w.Write([]byte{b}); err != nil {
			t.Fatal(err)
		}
	}
	if !slices.Equal(s.done, []string{"bbbbbbbbbbbb"}) {
		t.Errorf("%q: a base must not be among them, nor the result", s.done)
	}
	s.end()
	if !slices.Equal(s.done, []string{"bbbbbbbbbbbb", "dddddddddddd"}) {
		t.Errorf("%q after a failure", s.done)
	}
}

func TestLineWriter(t *testing.T) {
	var lines []string
	w := &lineWriter{emit: func(l string) { lines = append(lines, l) }}
	long := make([]byte, 3*lineBytes)
	for i := range long {
		long[i] = 'x'
	}
	for _, part := range [][]byte{[]byte("a\r\n\nb"), []byte("c\n"), long, []byte("\nend")} {
		if n, err := w.Write(part); n != len(part) || err != nil {
			t.Fatal(n, err)
		}
	}
	w.flush()
	if len(lines) != 4 || lines[0] != "a" || lines[1] != "bc" || len(lines[2]) != lineBytes || lines[3] != "end" {
		t.Errorf("%d lines: %.40q", len(lines), lines)
	}
}

func TestBuilderNoise(t *testing.T) {
	for line, noise := range map[string]bool{
		" ---> aaaaaaaaaaaa": true, "Removing intermediate container 1": true, "Successfully built 1": true,
		"Successfully tagged x:1": true, "Step 1/2 : RUN x": false, "added 3 packages": false,
	} {
		if builderNoise(line) != noise {
			t.Errorf("%q", line)
		}
	}
}
