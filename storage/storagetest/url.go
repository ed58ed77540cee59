package storagetest

import (
	"errors"
	"net/url"
)

// replaceDatabase returns the postgres:// URL with another database.
func replaceDatabase(address, name string) (string, error) {
	u, err := url.Parse(address)
	if err != nil || (u.Scheme != "postgres" && u.Scheme != "postgresql") {
		return "", errors.New("PREVIEW_TEST_DATABASE_URL is not a postgres:// URL")
	}
	u.Path = "/" + name
	return u.String(), nil
}
