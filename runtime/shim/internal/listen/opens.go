package listen

import (
	"bytes"
	"fmt"
)

// PassiveOpens is how many connections the container has accepted since its start, from itself and from outside.
func PassiveOpens() (int64, error) {
	const name = "/proc/self/net/snmp"
	var p proc
	if err := p.read(name); err != nil {
		return 0, err
	}
	n, ok := parseOpens(p.buf.Bytes())
	if !ok {
		return 0, fmt.Errorf("%s: no Tcp PassiveOpens", name)
	}
	return n, nil
}

// parseOpens finds the number below its name: the first line that begins with "Tcp:" holds names, the second values.
func parseOpens(snmp []byte) (int64, bool) {
	var names []byte
	for line := range bytes.Lines(snmp) {
		if !bytes.HasPrefix(line, []byte("Tcp:")) {
			continue
		}
		if names == nil {
			names = line
			continue
		}
		return valueBelow(names, line, []byte("PassiveOpens"))
	}
	return 0, false
}

func valueBelow(names, values, want []byte) (int64, bool) {
	for {
		var name, value []byte
		name, names = nextField(names)
		value, values = nextField(values)
		if len(name) == 0 || len(value) == 0 {
			return 0, false
		}
		if bytes.Equal(name, want) {
			n, ok := parseNumber(value, 10)
			return int64(n & (1<<63 - 1)), ok //nolint:gosec // masked
		}
	}
}
