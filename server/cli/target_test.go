package cli

import "testing"

func TestServedAt(t *testing.T) {
	for listen, want := range map[string]string{
		"":                "http://127.0.0.1:8080",
		"no address":      "http://127.0.0.1:8080",
		"127.0.0.1:9000":  "http://127.0.0.1:9000",
		"0.0.0.0:9000":    "http://127.0.0.1:9000",
		":9000":           "http://127.0.0.1:9000",
		"[::]:9000":       "http://127.0.0.1:9000",
		"[::1]:9000":      "http://[::1]:9000",
		"10.0.0.5:9000":   "http://10.0.0.5:9000",
		"localhost:12345": "http://localhost:12345",
	} {
		if got := servedAt(listen); got != want {
			t.Errorf("servedAt(%q) = %q, want %q", listen, got, want)
		}
	}
}

// TestReadyWhereItListens is the health check of previewd's own image.
func TestReadyWhereItListens(t *testing.T) {
	f := newFakeAPI(t)
	listen := f.server.Listener.Addr().String()
	r := runWith(t, t.Context(), Deps{Environ: []string{"PREVIEW_DATA_DIR=" + t.TempDir(), "PREVIEW_LISTEN_ADDR=" + listen}}, "ready")
	wantCode(t, r, ExitOK)
}
