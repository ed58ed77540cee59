package webhook

import (
	"crypto/tls"
	"crypto/x509"
	"net"
	"net/http"
	"time"

	"code.dny.dev/ssrf"
)

const (
	dialTimeout = 10 * time.Second
	idleTimeout = 5 * time.Second // a receiver that serves one connection at a time gets to the next within an attempt
	maxHeader   = 64 << 10        // bytes of an answer's headers
)

// publicOnly refuses every address that IANA does not call public: loopback, private, link-local, shared, multicast,
// mapped and all other special ones.
func publicOnly() *ssrf.Guardian { return ssrf.New(ssrf.WithAnyPort()) }

// newTransport looks at the address that is about to be dialled, after the name was resolved, so that no name server
// can lead it elsewhere in between. No proxy of the environment is used: it would dial instead, and look at nothing.
func newTransport(private bool, roots *x509.CertPool) *http.Transport {
	dialer := &net.Dialer{Timeout: dialTimeout}
	if !private {
		dialer.Control = publicOnly().Safe
	}
	return &http.Transport{
		Proxy:                  nil,
		DialContext:            dialer.DialContext,
		TLSClientConfig:        &tls.Config{RootCAs: roots, MinVersion: tls.VersionTLS12},
		TLSHandshakeTimeout:    dialTimeout,
		ForceAttemptHTTP2:      true,
		MaxIdleConnsPerHost:    concurrency,
		MaxConnsPerHost:        concurrency,
		IdleConnTimeout:        idleTimeout,
		MaxResponseHeaderBytes: maxHeader,
	}
}
