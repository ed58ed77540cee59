package config

import (
	"strings"

	"previewd/server/webhook"
)

const (
	webhookURL    = Prefix + "WEBHOOK_URL"
	webhookSecret = Prefix + "WEBHOOK_SECRET"
)

// webhookProblems checks the receiver of webhooks and what signs them; the one asks for the other.
func webhookProblems(c Config, all []field, known Problems) Problems {
	var problems Problems
	if c.WebhookURL != "" {
		if _, err := webhook.ParseEndpoint(string(c.WebhookURL), c.WebhookAllowPrivate); err != nil {
			problems = append(problems, unlike(all, webhookURL, c.WebhookURL, ": "+err.Error()))
		}
	}
	if known.names(webhookSecret + fileSuffix) {
		return problems
	}
	switch _, err := webhook.NewSigner(string(c.WebhookSecret)); {
	case c.WebhookSecret != "" && err != nil:
		problems = append(problems, unlike(all, webhookSecret, c.WebhookSecret, ": "+err.Error()))
	case c.WebhookSecret == "" && c.WebhookURL != "":
		problems = append(problems, unlike(all, webhookSecret, "", ", because "+webhookURL+" is set"))
	}
	return problems
}

// unlike is the problem of a variable, with what is wrong with it in particular.
func unlike(all []field, variable string, value Secret, why string) Problem {
	p := Problem{Variable: variable}
	for _, f := range all {
		if f.variable == variable {
			p = f.problem(string(value))
		}
	}
	p.Want += why
	return p
}

// webhookWarnings tells of settings that are allowed and may be a mistake.
func webhookWarnings(c Config) []string {
	switch {
	case c.WebhookURL == "" && c.WebhookSecret != "":
		return []string{webhookSecret + " is set and " + webhookURL + " is not: no webhooks are sent"}
	case strings.HasPrefix(strings.ToLower(string(c.WebhookURL)), "http:"):
		return []string{webhookURL + " is http://: whoever is on the way to the receiver can read the events"}
	}
	return nil
}
