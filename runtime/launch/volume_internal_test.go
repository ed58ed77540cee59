package launch

import "testing"

func TestVolume(t *testing.T) {
	for _, test := range []struct {
		files int
		bytes int64
		want  string
	}{{0, 0, "0 files, 0 B"}, {1, 14, "1 file, 14 B"}, {2, 1023, "2 files, 1023 B"}, {3, 1024, "3 files, 1 KB"}, {6, 8700, "6 files, 9 KB"}} {
		if got := volume(test.files, test.bytes); got != test.want {
			t.Errorf("%d files of %d bytes: %q, want %q", test.files, test.bytes, got, test.want)
		}
	}
}
