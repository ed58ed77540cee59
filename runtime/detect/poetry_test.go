package detect

import "testing"

func TestPoetryVersion(t *testing.T) {
	for constraint, want := range map[string]string{
		"*": "", "": "", "^1.2.3": ">=1.2.3,<2", "^0.115": ">=0.115,<0.116", "^0.0.3": ">=0.0.3,<0.0.4", "^3": ">=3,<4",
		"~1.2": ">=1.2,<1.3", "~1": ">=1,<2", "~=1.4": "~=1.4", "1.2.3": "==1.2.3", "1.2.*": "==1.2.*",
		">=1, <2": ">=1,<2", "^1 || ^2": "", "!=1.5": "!=1.5",
	} {
		if got := poetryVersion(constraint); got != want {
			t.Errorf("%q: got %q, want %q", constraint, got, want)
		}
	}
}
