package python

// addFastAPIUsers makes known the routers that fastapi-users makes, whose paths its documentation fixes.
func (in *interpreter) addFastAPIUsers(n natives) {
	known := map[string][][2]string{
		"get_auth_router":           {{"POST", "/login"}, {"POST", "/logout"}},
		"get_register_router":       {{"POST", "/register"}},
		"get_reset_password_router": {{"POST", "/forgot-password"}, {"POST", "/reset-password"}},
		"get_verify_router":         {{"POST", "/request-verify-token"}, {"POST", "/verify"}},
		"get_users_router": {
			{"GET", "/me"}, {"PATCH", "/me"}, {"GET", "/{id}"}, {"PATCH", "/{id}"}, {"DELETE", "/{id}"},
		},
		"get_oauth_router":           {{"GET", "/authorize"}, {"GET", "/callback"}},
		"get_oauth_associate_router": {{"GET", "/authorize"}, {"GET", "/callback"}},
	}
	users := &nativeClass{get: func(_ *object, name string) (value, bool) {
		routes, ok := known[name]
		if !ok {
			return nil, false
		}
		return nativeFunction(name, func(a args) value {
			o := &object{kind: "fastapi.APIRouter", native: in.natives.class("fastapi.APIRouter"), attrs: map[string]value{}, ready: true}
			o.router = &router{object: o}
			for _, r := range routes {
				o.router.add((&entry{path: r[1], methods: []string{r[0]}}).place(a))
			}
			return o
		}), true
	}}
	n.classes["fastapi_users.FastAPIUsers"] = users
	n.classes["fastapi_users.fastapi_users.FastAPIUsers"] = users
}
