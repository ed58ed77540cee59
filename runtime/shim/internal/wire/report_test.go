package wire

import (
	"bytes"
	"slices"
	"strings"
	"testing"
)

func TestReportsSurviveTheLine(t *testing.T) {
	sent := Report{Kind: ReportListening, Address: "127.0.0.1:3000", Addresses: []string{"127.0.0.1:3000"}, Forwarded: true, Millis: 42}
	line := AppendReport([]byte("no newline yet"), "nonce", sent)
	before, got, ok := ParseReport("nonce", line)
	if !ok || string(before) != "no newline yet" || got.Kind != sent.Kind || !slices.Equal(got.Addresses, sent.Addresses) ||
		!got.Forwarded || got.Millis != 42 || bytes.Count(line, []byte("\n")) != 1 {
		t.Errorf("%q %q %+v %v", line, before, got, ok)
	}
}

func TestForgedReportsAreOutput(t *testing.T) {
	valid := string(AppendReport(nil, "nonce", Report{Kind: ReportExited}))
	other := string(AppendReport(nil, "other", Report{Kind: ReportExited}))
	for _, tc := range []struct{ nonce, line string }{
		{"nonce", other},
		{"", string(AppendReport(nil, "", Report{Kind: ReportExited}))},
		{"nonce", Marker + `nonce {"kind":"exited"}`},
		{"nonce", Marker + ` {"kind":"exited"}`},
		{"nonce", Marker},
		{"nonce", strings.Replace(valid, "exited", "health", 1)},
		{"nonce", strings.TrimPrefix(valid, Marker)},
		{"nonce", strings.TrimSuffix(valid, "}\n")},
		{"nonce", Marker + string(sign("nonce", []byte("not JSON"))) + " not JSON"},
	} {
		before, r, ok := ParseReport(tc.nonce, []byte(tc.line))
		if ok || string(before) != tc.line || r.Kind != "" {
			t.Errorf("%q: %+v %v", tc.line, r, ok)
		}
	}
	if strings.Contains(valid, "nonce") {
		t.Error("the nonce can be read off the line")
	}
}

func TestForgedReportBeforeATrueOne(t *testing.T) {
	forged := Marker + `guess {"kind":"exited"}`
	before, r, ok := ParseReport("nonce", AppendReport([]byte(forged), "nonce", Report{Kind: ReportStarted}))
	if !ok || string(before) != forged || r.Kind != ReportStarted {
		t.Errorf("%q %+v %v", before, r, ok)
	}
}

// TestLongReportsAreCut: a pipe takes 4096 bytes at once, more could be torn apart by the app's own output.
func TestLongReportsAreCut(t *testing.T) {
	long := Report{Kind: ReportPrepare, Command: strings.Repeat("\x00", 100_000), Addresses: slices.Repeat([]string{"[::1]:65535"}, 5000)}
	line := AppendReport(nil, strings.Repeat("n", 64), long)
	if _, r, ok := ParseReport(strings.Repeat("n", 64), line); len(line) > 4096 || !ok || r.Command == "" || len(r.Addresses) == 0 {
		t.Errorf("%d bytes, %v", len(line), ok)
	}
}

func FuzzParseReport(f *testing.F) {
	f.Add("nonce", AppendReport([]byte("x"), "nonce", Report{Kind: ReportStarted, PID: 1}))
	f.Add("nonce", []byte(Marker+"nonce {}"))
	f.Add("", []byte(Marker+" {}"))
	f.Fuzz(func(t *testing.T, nonce string, line []byte) {
		before, r, ok := ParseReport(nonce, line)
		if !bytes.HasPrefix(line, before) || !ok && len(before) != len(line) {
			t.Errorf("before is %q", before)
		}
		if ok && (nonce == "" || !bytes.Contains(line, []byte(Marker))) {
			t.Errorf("accepted %+v", r)
		}
	})
}
