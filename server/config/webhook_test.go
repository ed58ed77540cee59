package config

import (
	"strings"
	"testing"
)

const (
	goodHook   = "whsec_MDEyMzQ1Njc4OWFiY2RlZjAxMjM0NTY3ODlhYmNkZWY="
	urlWant    = "PREVIEW_WEBHOOK_URL=[hidden]: want an https:// URL of a public host; PREVIEW_WEBHOOK_ALLOW_PRIVATE=1 allows http:// and private hosts: "
	secretWant = "PREVIEW_WEBHOOK_SECRET=[hidden]: want whsec_ and 24 to 64 bytes in base64; several separated by commas or newlines: "
)

func TestWebhookProblems(t *testing.T) {
	tests := []struct{ url, secret, private, want string }{
		{"", "", "", ""},
		{"https://hooks.example.com/x?key=hunter2", goodHook, "", ""},
		{"https://hooks.example.com:8443", goodHook + "," + goodHook, "", ""},
		{"https://93.184.215.14/", goodHook, "", ""},
		{"http://10.0.0.1:9000/", goodHook, "1", ""},
		{"http://localhost/", goodHook, "1", ""},
		{"https://hooks.example.com/", "", "", "PREVIEW_WEBHOOK_SECRET is not set: want whsec_ and 24 to 64 bytes in base64; several separated by commas or newlines, because PREVIEW_WEBHOOK_URL is set"},
		{"http://hooks.example.com/", goodHook, "", urlWant + "it is http://"},
		{"hooks.example.com/hunter2", goodHook, "", urlWant + "it does not begin with https://"},
		{"ftp://hooks.example.com/hunter2", goodHook, "1", urlWant + "it does not begin with https://"},
		{"https:hooks.example.com", goodHook, "", urlWant + "it names no host"},
		{"https:///hunter2", goodHook, "", urlWant + "it names no host"},
		{"https://me:hunter2@hooks.example.com/", goodHook, "", urlWant + "it holds user info; put a secret into the path or the query"},
		{"https://hooks.example.com/#hunter2", goodHook, "", urlWant + "it has a fragment, which is never sent"},
		{"https://hooks.example.com:0/", goodHook, "", urlWant + "its port is none"},
		{"https://hooks.example.com:65536/", goodHook, "", urlWant + "its port is none"},
		{"https://hooks.example.com/%zz", goodHook, "", urlWant + "it cannot be parsed"},
		{"https://localhost/", goodHook, "", urlWant + "its host is this machine or on a private network"},
		{"https://a.LOCALHOST./", goodHook, "", urlWant + "its host is this machine or on a private network"},
		{"https://127.0.0.1/", goodHook, "", urlWant + "its host is this machine or on a private network"},
		{"https://[::ffff:10.0.0.1]/", goodHook, "", urlWant + "its host is this machine or on a private network"},
		{"https://[fe80::1%25eth0]/", goodHook, "", urlWant + "its host is this machine or on a private network"},
		{"https://169.254.169.254/latest", goodHook, "", urlWant + "its host is this machine or on a private network"},
		{"https://hooks.example.com/", "hunter2", "", secretWant + "secret 1 does not begin with whsec_"},
		{"https://hooks.example.com/", goodHook + ",whsec_hunter-2", "", secretWant + "secret 2 is not base64 after whsec_"},
		{"https://hooks.example.com/", "whsec_aHVudGVyMg==", "", secretWant + "secret 1 has 7 bytes, not 24 to 64"},
		{"https://hooks.example.com/", ",", "", secretWant + "no secret given"},
		{"", "hunter2", "", secretWant + "secret 1 does not begin with whsec_"},
	}
	for _, test := range tests {
		_, _, err := Load([]string{
			"PREVIEW_JWT_SECRET=" + goodSecret, "PREVIEW_WEBHOOK_URL=" + test.url, "PREVIEW_WEBHOOK_SECRET=" + test.secret,
			"PREVIEW_WEBHOOK_ALLOW_PRIVATE=" + test.private,
		})
		got := ""
		if err != nil {
			got = strings.TrimPrefix(err.Error(), "configuration:\n  ")
		}
		if got != test.want {
			t.Errorf("%s\n got %s\nwant %s", test.url, got, test.want)
		}
	}
}

func TestWebhookSecretOfAFileThatIsMissingIsOneProblem(t *testing.T) {
	_, _, err := Load([]string{
		"PREVIEW_JWT_SECRET=" + goodSecret, "PREVIEW_WEBHOOK_URL=https://hooks.example.com", "PREVIEW_WEBHOOK_SECRET_FILE=/nowhere",
	})
	if err == nil || strings.Count(err.Error(), "want") != 1 || !strings.Contains(err.Error(), "PREVIEW_WEBHOOK_SECRET_FILE=/nowhere") {
		t.Error(err)
	}
}

func TestWebhookWarnings(t *testing.T) {
	for _, test := range []struct {
		environ []string
		want    string
	}{
		{[]string{"PREVIEW_WEBHOOK_SECRET=" + goodHook}, "no webhooks are sent"},
		{[]string{"PREVIEW_WEBHOOK_SECRET=" + goodHook, "PREVIEW_WEBHOOK_URL=HTTP://x/?key=hunter2", "PREVIEW_WEBHOOK_ALLOW_PRIVATE=1"}, "can read the events"},
	} {
		_, warnings, err := Load(append(test.environ, "PREVIEW_JWT_SECRET="+goodSecret))
		if err != nil || len(warnings) != 1 || !strings.HasSuffix(warnings[0], test.want) || strings.Contains(warnings[0], "hunter2") {
			t.Errorf("%q %v", warnings, err)
		}
	}
}
