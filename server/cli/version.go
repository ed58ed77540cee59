package cli

import (
	"fmt"
	"runtime"

	"github.com/spf13/cobra"
)

// versionInfo says what this program was built from.
type versionInfo struct {
	Version  string `json:"version"`
	Revision string `json:"revision,omitempty"` // the commit
	Modified bool   `json:"modified"`           // there was more than the commit has
	Go       string `json:"go"`
	OS       string `json:"os"`
	Arch     string `json:"arch"`
}

func (a *app) versionCommand() *cobra.Command {
	return a.jsonFlag(&cobra.Command{
		Use:   "version",
		Short: "Print the version, and what it was built from",
		Args:  exactly(0),
		RunE: func(*cobra.Command, []string) error {
			v := a.version()
			if a.json {
				a.encode(a.deps.Stdout, v)
				return nil
			}
			fmt.Fprintln(a.deps.Stdout, v)
			return nil
		},
	})
}

func (a *app) version() versionInfo {
	b := a.deps.Built
	return versionInfo{b.Version, b.Revision, b.Modified, b.Go, runtime.GOOS, runtime.GOARCH}
}

func (v versionInfo) String() string {
	from := "revision unknown"
	if v.Revision != "" {
		from = "revision " + v.Revision
	}
	if v.Modified {
		from += ", modified"
	}
	return fmt.Sprintf("previewd %s (%s, %s, %s/%s)", v.Version, from, v.Go, v.OS, v.Arch)
}
