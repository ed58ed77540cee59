package auth

import (
	"errors"
	"strings"
	"testing"
)

func TestParseSecrets(t *testing.T) {
	one, two := strings.Repeat("1", MinSecretBytes), strings.Repeat("2", MinSecretBytes)
	for _, list := range []string{one + "," + two, one + "\n" + two, " " + one + " ,\r\n, " + two + "\n"} {
		secrets, err := ParseSecrets(list)
		if err != nil || len(secrets) != 2 || string(secrets[0]) != one || string(secrets[1]) != two {
			t.Errorf("%q: %q %v", list, secrets, err)
		}
	}
}

func TestParseSecretsRefuses(t *testing.T) {
	for _, list := range []string{"", " ", ",\n"} {
		if _, err := ParseSecrets(list); !errors.Is(err, ErrNoSecret) {
			t.Errorf("%q: %v", list, err)
		}
	}
	_, err := ParseSecrets(strings.Repeat("1", MinSecretBytes) + ",hunter2")
	if err == nil || strings.Contains(err.Error(), "hunter2") || !strings.Contains(err.Error(), "secret 2 has 7 bytes") {
		t.Error(err)
	}
}
