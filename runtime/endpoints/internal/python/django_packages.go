package python

// packaged adds the patterns of well-known packages, which are not in the project: a path and its methods each, fixed by
// the packages' documents.
func (x *expansion) packaged(p *pattern, prefix string) {
	for _, r := range packagedPatterns(p.included) {
		for _, method := range r.methods {
			e := (&entry{methods: []string{method}, handler: &external{name: p.included}}).place(p.args)
			x.django(e, prefix+r.path, r.path)
		}
	}
}

type packagedPattern struct {
	path    string
	methods []string
}

func packagedPatterns(module string) []packagedPattern {
	get, post, form := []string{"GET"}, []string{"POST"}, []string{"GET", "POST", "PUT"}
	switch module {
	case "django.contrib.auth.urls":
		return []packagedPattern{
			{"login/", form},
			{"logout/", post},
			{"password_change/", form},
			{"password_change/done/", get},
			{"password_reset/", form},
			{"password_reset/done/", get},
			{"reset/{uidb64}/{token}/", form},
			{"reset/done/", get},
		}
	case "rest_framework.urls":
		return []packagedPattern{{"login/", form}, {"logout/", post}}
	case "dj_rest_auth.urls", "rest_auth.urls":
		return []packagedPattern{
			{"password/reset/", post},
			{"password/reset/confirm/", post},
			{"login/", post},
			{"logout/", []string{"GET", "POST"}},
			{"user/", []string{"GET", "PUT", "PATCH"}},
			{"password/change/", post},
		}
	case "dj_rest_auth.registration.urls", "rest_auth.registration.urls":
		return []packagedPattern{
			{"", post},
			{"verify-email/", post},
			{"resend-email/", post},
			{"account-confirm-email/{key}/", get},
			{"account-email-verification-sent/", get},
		}
	case "djoser.urls.jwt":
		return []packagedPattern{{"jwt/create/", post}, {"jwt/refresh/", post}, {"jwt/verify/", post}}
	case "djoser.urls.authtoken":
		return []packagedPattern{{"token/login/", post}, {"token/logout/", post}}
	case "django.conf.urls.i18n":
		return []packagedPattern{{"setlang/", []string{"*"}}}
	}
	return nil
}
