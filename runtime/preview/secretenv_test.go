package preview_test

import (
	"encoding/json"
	"fmt"
	"strings"
	"testing"

	"previewd/runtime/preview"
)

func TestSecretEnvShowsNamesAlone(t *testing.T) {
	p := preview.Preview{Request: preview.Request{SecretEnv: preview.SecretEnv{"API_KEY": "hunter2-hunter2"}}}
	encoded, err := json.Marshal(p)
	if err != nil {
		t.Fatal(err)
	}
	alone, err := json.Marshal(p.Request.SecretEnv)
	if err != nil || string(alone) != `{"API_KEY":"[redacted]"}` {
		t.Errorf("%s, %v", alone, err)
	}
	for _, text := range []string{string(encoded), fmt.Sprint(p), fmt.Sprintf("%+v %#v %s", p, p, p.Request.SecretEnv)} {
		if strings.Contains(text, "hunter2") {
			t.Errorf("told: %s", text)
		}
	}
	if v := p.Request.SecretEnv.Values(); len(v) != 1 || v[0] != "hunter2-hunter2" {
		t.Errorf("values: %q", v)
	}
}
