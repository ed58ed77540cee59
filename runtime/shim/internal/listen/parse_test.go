package listen

import (
	"bytes"
	"encoding/binary"
	"net/netip"
	"testing"

	"golang.org/x/sys/unix"
)

const (
	heading = "  sl  local_address rem_address   st tx_queue rx_queue tr tm->when retrnsmt   uid  timeout inode\n"
	row4    = "   0: 0100007F:0BB8 0200630A:D431 01 00000000:00000000 00:00000000 00000000  1000        0 12345 1 0000000000000000 100 0 0 10 0\n"
	row6    = "   1: 00000000000000000000000001000000:1F90 00000000000000000000000000000000:0000 0A 00000000:00000000 00:00000000 00000000     0        0 777 1 0\n"
	mapped  = "   2: 0000000000000000FFFF00000100007F:1F90 0000000000000000FFFF00000100007F:0050 0A 00000000:00000000 00:00000000 00000000     0        0 778 1 0\n"
)

func TestParseTable(t *testing.T) {
	if binary.NativeEndian.Uint16([]byte{1, 0}) != 1 {
		t.Skip("the samples are of a little-endian machine")
	}
	var got []entry
	parseTable([]byte(heading+row4+row6+mapped), func(e entry) { got = append(got, e) })
	want := []entry{
		{local: netip.MustParseAddrPort("127.0.0.1:3000"), remote: netip.MustParseAddrPort("10.99.0.2:54321"), state: 1, inode: 12345},
		{local: netip.MustParseAddrPort("[::1]:8080"), remote: netip.MustParseAddrPort("[::]:0"), state: 10, inode: 777},
		{local: netip.MustParseAddrPort("127.0.0.1:8080"), remote: netip.MustParseAddrPort("127.0.0.1:80"), state: 10, inode: 778},
	}
	if len(got) != len(want) {
		t.Fatalf("%v", got)
	}
	for i := range want {
		if got[i] != want[i] {
			t.Errorf("row %d: %+v, want %+v", i, got[i], want[i])
		}
	}
}

func TestParseRowRefuses(t *testing.T) {
	for _, line := range []string{
		"", heading, "0: 0100007F:0BB8", "0: 0100007F:0BB8 00000000:0000 0A 0 0 0 0 0 x",
		"0: 0100007:0BB8 00000000:0000 0A 0 0 0 0 0 1", "0: 0100007G:0BB8 00000000:0000 0A 0 0 0 0 0 1",
		"0: 0100007F:10000 00000000:0000 0A 0 0 0 0 0 1", "0: 0100007F:0BB8 00000000:0000 100 0 0 0 0 0 1",
		"0: 0100007F 00000000:0000 0A 0 0 0 0 0 1", "0: 0100007F:0BB8 00000000:0000 0A 0 0 0 0 0 99999999999999999999",
	} {
		if e, ok := parseRow([]byte(line)); ok {
			t.Errorf("%q: %+v", line, e)
		}
	}
}

func TestParseOpens(t *testing.T) {
	const names = "Tcp: RtoAlgorithm MaxConn ActiveOpens PassiveOpens AttemptFails\n"
	for in, want := range map[string]int64{
		"Ip: Forwarding\nIp: 1\n" + names + "Tcp: 1 -1 17 42 3\nUdp: x\n": 42,
		names: -1, "": -1, names + "Tcp: 1 -1\n": -1, "Tcp: A\nTcp: 1\n": -1,
	} {
		got, ok := parseOpens([]byte(in))
		if ok != (want >= 0) || ok && got != want {
			t.Errorf("%q: %d %v", in, got, ok)
		}
	}
}

func message(kind uint16, seq uint32, body []byte) []byte {
	b := make([]byte, unix.NLMSG_HDRLEN, unix.NLMSG_HDRLEN+len(body))
	binary.NativeEndian.PutUint32(b, uint32(cap(b)))
	binary.NativeEndian.PutUint16(b[4:], kind)
	binary.NativeEndian.PutUint32(b[8:], seq)
	return append(b, body...)
}

func TestParseMessages(t *testing.T) {
	fail := message(unix.NLMSG_ERROR, 1, binary.NativeEndian.AppendUint32(nil, ^uint32(0))) // -EPERM
	for name, tc := range map[string]struct {
		in   []byte
		done bool
		fail bool
	}{
		"done":           {message(unix.NLMSG_DONE, 1, nil), true, false},
		"of another":     {message(unix.NLMSG_DONE, 9, nil), false, false},
		"refused":        {fail, true, true},
		"short error":    {message(unix.NLMSG_ERROR, 1, nil), true, true},
		"length lies":    {[]byte("\xff\xff\xff\x7f0123456789ab"), true, true},
		"short message":  {message(sockDiagByFamily, 1, []byte("short")), false, false},
		"unknown family": {message(sockDiagByFamily, 1, bytes.Repeat([]byte{99}, messageSize)), false, false},
	} {
		done, err := parseMessages(tc.in, 1, func(e entry) { t.Errorf("%s: %+v", name, e) })
		if done != tc.done || (err != nil) != tc.fail {
			t.Errorf("%s: %v %v", name, done, err)
		}
	}
}

func FuzzParseTable(f *testing.F) {
	f.Add([]byte(heading + row4 + row6 + mapped))
	f.Add([]byte("0: :0 :0 0 0 0 0 0 0 0"))
	f.Fuzz(func(t *testing.T, table []byte) {
		parseTable(table, func(e entry) {
			if !e.local.IsValid() || !e.remote.IsValid() {
				t.Errorf("%+v", e)
			}
		})
		_, _ = parseOpens(table)
	})
}

func FuzzParseMessages(f *testing.F) {
	f.Add(message(unix.NLMSG_DONE, 1, nil))
	f.Add(message(sockDiagByFamily, 1, append(bytes.Repeat([]byte{unix.AF_INET6}, messageSize), 5, 0, attrOnlyV6, 0, 1, 0, 0, 0)))
	f.Fuzz(func(t *testing.T, b []byte) {
		_, _ = parseMessages(b, 1, func(e entry) {
			if !e.local.IsValid() {
				t.Errorf("%+v", e)
			}
		})
	})
}

func BenchmarkListening(b *testing.B) {
	for name, table := range map[string]*Table{"diag": Open(), "proc": {}} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			var buf []Socket
			for b.Loop() {
				buf, _ = table.Listening(buf[:0])
			}
		})
	}
}
