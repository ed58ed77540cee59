package images

import (
	"bytes"
	"strings"
)

// lineBytes bounds one line of build output.
const lineBytes = 2000

// lineWriter hands build output on line by line.
type lineWriter struct {
	emit func(line string)
	open []byte
}

func (w *lineWriter) Write(p []byte) (int, error) {
	n := len(p)
	for len(p) > 0 {
		line, rest, ended := bytes.Cut(p, []byte{'\n'})
		if room := lineBytes - len(w.open); room > 0 {
			w.open = append(w.open, line[:min(room, len(line))]...)
		}
		if ended {
			w.flush()
		}
		p = rest
	}
	return n, nil
}

// flush ends the last line, which may have no newline.
func (w *lineWriter) flush() {
	if text := strings.TrimRight(string(w.open), "\r \t"); text != "" {
		w.emit(text)
	}
	w.open = w.open[:0]
}

// builderNoise tells the classic builder's talk about its layers from what a step prints.
func builderNoise(line string) bool {
	for _, head := range []string{
		" ---> ", "Removing intermediate container ", "Successfully built ", "Successfully tagged ",
	} {
		if strings.HasPrefix(line, head) {
			return true
		}
	}
	return false
}
