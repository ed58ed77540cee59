package python

import "strings"

// packaged adds the patterns of well-known packages, which are not in the project: what they are, the packages say
// themselves when they are asked by a real Django.
func (x *expansion) packaged(p *pattern, prefix string) {
	for _, line := range packagedPatterns(p.included) {
		fields := strings.Fields(line)
		path := ""
		if last := fields[len(fields)-1]; last != "." {
			path = last
		}
		for _, method := range fields[:len(fields)-1] {
			e := (&entry{methods: []string{method}, handler: &external{name: p.included}}).place(p.args)
			x.django(e, prefix+path, path)
		}
	}
}

// packagedPatterns are a package's methods and paths, "." for the top.
func packagedPatterns(module string) []string {
	switch module {
	case "django.contrib.auth.urls":
		return []string{
			"GET POST PUT login/", "POST logout/", "GET POST PUT password_change/", "GET password_change/done/", "GET POST PUT password_reset/",
			"GET password_reset/done/", "GET POST PUT reset/{uidb64}/{token}/", "GET reset/done/",
		}
	case "django.conf.urls.i18n":
		return []string{"* setlang/"}
	case "rest_framework.urls":
		return []string{"GET POST PUT login/", "POST logout/"}
	case "dj_rest_auth.urls", "rest_auth.urls":
		return []string{
			"POST password/reset/", "POST password/reset/confirm/", "POST login/", "GET POST logout/", "GET PUT PATCH user/", "POST password/change/",
		}
	case "dj_rest_auth.registration.urls", "rest_auth.registration.urls":
		return []string{
			"POST .", "GET POST verify-email/", "POST resend-email/", "GET account-confirm-email/{key}/", "GET account-email-verification-sent/",
		}
	case "djoser.urls.jwt":
		return []string{"POST jwt/create/", "POST jwt/refresh/", "POST jwt/verify/"}
	case "djoser.urls.authtoken":
		return []string{"POST token/login/", "POST token/logout/"}
	case "djoser.urls", "djoser.urls.base":
		return []string{
			"GET .", "GET POST users/", "POST users/activation/", "GET PUT PATCH DELETE users/me/", "POST users/resend_activation/",
			"POST users/reset_password/", "POST users/reset_password_confirm/", "POST users/reset_username/", "POST users/reset_username_confirm/",
			"POST users/set_password/", "POST users/set_username/", "GET PUT PATCH DELETE users/{id}/",
		}
	case "allauth.account.urls":
		return allauthAccount()
	case "allauth.socialaccount.urls":
		return allauthSocial("")
	case "allauth.urls":
		all := append(allauthAccount(), allauthSocial("3rdparty/")...)
		for _, path := range []string{"login/cancelled/", "login/error/", "signup/", "connections/"} { // the addresses of earlier versions
			all = append(all, "GET POST PUT PATCH DELETE social/"+path)
		}
		return all
	}
	return nil
}

func allauthAccount() []string {
	return []string{
		"GET POST PUT login/", "GET POST logout/", "GET inactive/", "GET POST PUT signup/", "GET POST PUT reauthenticate/", "GET POST PUT email/",
		"* confirm-email/", "GET POST confirm-email/{key}/", "GET POST PUT password/change/", "GET POST PUT password/set/",
		"GET POST PUT password/reset/", "GET password/reset/done/", "GET POST PUT password/reset/key/{uidb36}-{key}/", "GET password/reset/key/done/",
		"GET POST PUT login/code/confirm/",
	}
}

func allauthSocial(prefix string) []string {
	top := "."
	if prefix != "" {
		top = prefix
	}
	return []string{"GET " + prefix + "login/cancelled/", "GET " + prefix + "login/error/", "GET POST PUT " + prefix + "signup/", "GET POST PUT " + top}
}
