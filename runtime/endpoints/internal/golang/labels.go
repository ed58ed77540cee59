package golang

// takeName is the label of the statement that begins.
func (in *interp) takeName() string {
	name := in.named
	in.named = ""
	return name
}

// means says whether the newest break or continue means the statement of that label, which is "" for one without.
func (in *interp) means(name string) bool { return in.label == "" || in.label == name }

// round is how a loop's body ends: a continue of this loop goes on.
func (in *interp) round(end flow, name string) flow {
	if end == continues && in.means(name) {
		return goesOn
	}
	return end
}

// outside is how a loop or switch ends whose body ended so: a break of this one is over, all else leaves more than it.
func (in *interp) outside(end flow, name string) flow {
	if end == breaks && in.means(name) {
		return goesOn
	}
	return end
}
