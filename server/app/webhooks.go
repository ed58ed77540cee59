package app

import (
	"context"
	"crypto/x509"
	"time"

	"previewd/server/webhook"
)

const (
	webhooksEvery = time.Second
	webhooksGrace = 3 * time.Second // for the events of previews that end with the service

	webhooksLead = "webhooks"
)

// startWebhooks delivers events to the receiver, if there is one. It is begun before the previews and so ends after
// them: the receiver hears of their end, too.
func (a *App) startWebhooks(context.Context) error {
	if a.Config.WebhookURL == "" {
		return nil
	}
	sender, err := a.webhookSender()
	if err != nil {
		return err
	}
	changes, unsubscribe := a.bus.Subscribe("")
	deliverer := webhook.New(webhook.Options{
		Store: a.store, Sender: sender, Digest: a.receiver.Digest(), Leads: a.leadsWebhooks, Changes: changes,
		Every: webhooksEvery, Grace: webhooksGrace, Now: time.Now, Log: a.component("webhooks"),
		Metrics: a.counts.webhooks,
	})
	a.stack.Go("webhooks", webhooksGrace+loopEnd, func(ctx context.Context) {
		defer sender.Close()
		defer unsubscribe()
		deliverer.Run(ctx)
	})
	return nil
}

func (a *App) webhookSender() (*webhook.Sender, error) {
	receiver, err := webhook.ParseEndpoint(string(a.Config.WebhookURL), a.Config.WebhookAllowPrivate)
	if err != nil {
		return nil, err
	}
	signer, err := webhook.NewSigner(string(a.Config.WebhookSecret))
	if err != nil {
		return nil, err
	}
	roots, err := a.roots()
	if err != nil {
		return nil, err
	}
	a.receiver = &receiver
	return webhook.NewSender(webhook.SenderOptions{
		Endpoint: receiver, Signer: signer, Roots: roots, UserAgent: "previewd/" + a.Built.Version,
	}), nil
}

// roots are the system's certificates and those of the configured bundle.
func (a *App) roots() (*x509.CertPool, error) {
	bundle, err := a.caBundle()
	if err != nil || bundle == nil {
		return nil, err
	}
	pool, err := x509.SystemCertPool()
	if err != nil {
		pool = x509.NewCertPool() // a system without any: the bundle is all there is
	}
	pool.AppendCertsFromPEM(bundle)
	return pool, nil
}

// leadsWebhooks is a lead of its own: during a change of the settings, another process may lead in all else and know
// of no receiver.
func (a *App) leadsWebhooks(ctx context.Context) bool {
	ok, err := a.store.Lead(ctx, webhooksLead)
	if err != nil && ctx.Err() == nil {
		a.component("webhooks").WithError(err).Warn("cannot tell who delivers webhooks")
	}
	return ok
}
