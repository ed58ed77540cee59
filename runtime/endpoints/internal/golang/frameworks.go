package golang

// learnFrameworks makes the table of the routers whose names are known.
func (p *program) learnFrameworks() {
	p.http, p.gorilla, p.any = newNetHTTP(), newGorilla("github.com/gorilla/mux"), newAny()
	p.byPath = map[string]*framework{}
	p.frameworks = []*framework{
		p.http,
		newGin("github.com/gin-gonic/gin"),
		newGin("github.com/cloudwego/hertz/pkg/app/server"),
		newGin("github.com/cloudwego/hertz/pkg/route"),
		newChi("github.com/go-chi/chi"),
		p.gorilla,
		newEcho("github.com/labstack/echo"),
		newFiber("github.com/gofiber/fiber"),
		newHTTPRouter("github.com/julienschmidt/httprouter"),
	}
}
