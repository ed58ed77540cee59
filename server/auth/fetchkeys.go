package auth

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/netip"
	"net/url"
	"time"
)

const (
	fetchTimeout = 5 * time.Second // until the last byte
	maxKeySet    = 1 << 20         // bytes
)

var errNotSecure = errors.New("want https, or http to this machine")

// CheckJWKSURL refuses an address from which keys could not be trusted: over plain http anybody on the way could put a key
// of his own in, unless there is no way.
func CheckJWKSURL(address string) error {
	u, err := url.Parse(address)
	switch {
	case err != nil:
		return err
	case u.Host == "" || u.User != nil || u.Fragment != "":
		return errors.New("want an address with a host and without credentials")
	case u.Scheme == "https", u.Scheme == "http" && isLoopback(u.Hostname()):
		return nil
	}
	return errNotSecure
}

func isLoopback(host string) bool {
	addr, err := netip.ParseAddr(host)
	return host == "localhost" || err == nil && addr.IsLoopback()
}

// newKeyClient makes a client that follows no redirect: it could lead away from https.
func newKeyClient() *http.Client {
	return &http.Client{
		Timeout:       fetchTimeout,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
}

func fetchKeySet(ctx context.Context, client *http.Client, address string) (keySet, int, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, address, http.NoBody)
	if err != nil {
		return nil, 0, fmt.Errorf("fetch key set: %w", err)
	}
	req.Header.Set("Accept", "application/jwk-set+json, application/json")
	resp, err := client.Do(req)
	if err != nil {
		return nil, 0, fmt.Errorf("fetch key set: %w", err)
	}
	defer resp.Body.Close()
	if resp.StatusCode != http.StatusOK {
		return nil, 0, fmt.Errorf("fetch key set: %s answers %s", address, resp.Status)
	}
	document, err := io.ReadAll(io.LimitReader(resp.Body, maxKeySet+1))
	switch {
	case err != nil:
		return nil, 0, fmt.Errorf("fetch key set: %w", err)
	case len(document) > maxKeySet:
		return nil, 0, fmt.Errorf("fetch key set: it is larger than %d bytes", maxKeySet)
	}
	return parseKeySet(document)
}
