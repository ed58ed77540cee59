package swarm

import (
	"archive/tar"
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/docker/docker/api/types/image"
	"github.com/sirupsen/logrus"

	"previewd/runtime/preview"
	"previewd/runtime/shim"
	"previewd/runtime/swarm/swarmtest"
)

// anImage puts an image that no node has on the manager and returns its name. Process 1 is the shim's: it needs nothing.
func anImage(t *testing.T, b *Backend, word string) string {
	t.Helper()
	var layer bytes.Buffer
	w := tar.NewWriter(&layer)
	content := []byte(word + t.TempDir())
	if err := errors.Join(w.WriteHeader(&tar.Header{Name: "content", Mode: 0o444, Size: int64(len(content))}), second(w.Write(content)), w.Close()); err != nil {
		t.Fatal(err)
	}
	name := "previewd/registry-test:" + word
	said, err := b.api.ImageImport(t.Context(), image.ImportSource{Source: &layer, SourceName: "-"}, name, image.ImportOptions{})
	if err == nil {
		_, err = io.Copy(io.Discard, said)
	}
	if err != nil {
		t.Fatal(err)
	}
	return name
}

func second[T any](_ T, err error) error { return err }

// runOn starts an instance of an image on one node. That it ends at once, for want of a program, is all the same here.
func runOn(t *testing.T, b *Backend, node int, image string) error {
	t.Helper()
	b.o.Constraints = []string{"node.hostname==" + bed.Name(node)}
	id, err := b.Create(t.Context(), preview.Spec{
		Kind: preview.KindPreview, PreviewID: "registry", GenerationID: "registry", UserID: "tester",
		Image: image, Entrypoint: []string{shim.Binary}, Shim: true, Network: preview.NetworkNone,
		Limits: preview.Limits{MemoryMB: 32, CPUs: 1, PIDs: 32},
	})
	if err != nil {
		t.Fatal(err)
	}
	defer func() {
		if err := b.Remove(t.Context(), id); err != nil {
			t.Error(err)
		}
	}()
	if err = b.Start(t.Context(), id); err != nil {
		if got := bed.Docker(t, 1, "service", "inspect", "--format", "{{.Spec.Mode.Replicated.Replicas}}", id); got != "0" {
			t.Errorf("Swarm is still asked for %s replicas of an instance that cannot start", got)
		}
	}
	return err
}

// empty waits until Swarm has tidied up a node: of a run that was rejected it removes the container by itself.
func empty(t *testing.T, node int) {
	t.Helper()
	for end := time.Now().Add(20 * time.Second); bed.Docker(t, node, "ps", "-aq") != ""; <-time.After(20 * time.Millisecond) {
		if time.Now().After(end) {
			t.Fatalf("node %d is left with %s", node, bed.Docker(t, node, "ps", "-a"))
		}
	}
}

// forget takes an image from a node.
func forget(t *testing.T, node int, name string) {
	t.Helper()
	empty(t, node)
	bed.Docker(t, node, "image", "rm", name)
}

// names are those that a node has for an image of these tests.
func names(t *testing.T, node int) []string {
	t.Helper()
	all := bed.Docker(t, node, "image", "ls", "--format", "{{.Repository}}:{{.Tag}}")
	return slices.DeleteFunc(strings.Fields(all), func(name string) bool {
		return !strings.Contains(name, "/previewd:") && !strings.Contains(name, "registry-test")
	})
}

func through(r *swarmtest.Registry, login ...string) func(*Options) {
	return func(o *Options) {
		o.Registry = Registry{Name: r.Addr}
		if len(login) > 0 {
			o.Registry.User, o.Registry.Password = login[0], login[1]
		}
	}
}

// TestRegistry has nodes get images by a real registry, and takes from it what was pushed.
func TestRegistry(t *testing.T) {
	requireSwarm(t)
	r := bed.Registry(t, false)
	b := testBackend(t, through(r))
	name := anImage(t, b, "pushed")
	id, err := b.ImageID(t.Context(), name)
	if err != nil {
		t.Fatal(err)
	}
	sendToAll(t, b, name)
	if got := r.Pushes(t); got != 1 {
		t.Errorf("for three nodes it was pushed %d times", got)
	}
	if want := strings.TrimPrefix(id, "sha256:"); !slices.Equal(r.Tags(t), []string{want}) {
		t.Errorf("it is in the registry as %q", r.Tags(t))
	}
	for node := 1; node <= bed.Nodes; node++ {
		if got := names(t, node); !slices.Equal(got, []string{name}) {
			t.Errorf("on node %d the image has the names %q", node, got)
		}
	}
	for _, c := range []struct {
		what   string
		change func()
		pushes int // since the start
	}{
		{"nothing is gone from the registry", func() {}, 1},
		{"everything is gone", func() { r.Clear(t, "") }, 2},
		{"its layers are gone", func() { r.Clear(t, "blobs") }, 3},
		{"another previewd has put another image there", func() { replace(t, b, id) }, 5},
	} {
		forget(t, 2, name)
		c.change()
		if err := runOn(t, b, 2, name); err != nil {
			t.Errorf("where %s: %v", c.what, err)
		}
		if got := r.Pushes(t); got != c.pushes {
			t.Errorf("where %s there were %d pushes, not %d", c.what, got, c.pushes)
		}
	}
	if faults, err := b.CheckRegistry(t.Context()); err != nil || len(faults) != bed.Nodes || len(faults[0].Faults) > 0 {
		t.Errorf("the check says %v, %v", faults, err)
	}
}

func sendToAll(t *testing.T, b *Backend, name string) {
	t.Helper()
	nodes, _, err := b.ready(t.Context())
	if err != nil || len(nodes) != bed.Nodes {
		t.Fatalf("%d nodes, %v", len(nodes), err)
	}
	var all sync.WaitGroup
	for _, n := range nodes {
		all.Go(func() {
			if err := b.send(t.Context(), name, n); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
}

// replace has an image's name in the registry lead to another one.
func replace(t *testing.T, b *Backend, id string) {
	t.Helper()
	there := b.o.Registry.image(id)
	bed.Docker(t, 1, "tag", anImage(t, b, "another"), there)
	bed.Docker(t, 1, "push", there)
	bed.Docker(t, 1, "image", "rm", there)
}

// TestTwoPushAtOnce: two previewd on one manager push the same image, and neither loses the name for it to the other.
func TestTwoPushAtOnce(t *testing.T) {
	requireSwarm(t)
	r := bed.Registry(t, false)
	a, b := testBackend(t, through(r)), testBackend(t, through(r))
	id, err := a.ImageID(t.Context(), anImage(t, a, "shared"))
	if err != nil {
		t.Fatal(err)
	}
	auth, err := a.o.Registry.header()
	if err != nil {
		t.Fatal(err)
	}
	var both sync.WaitGroup
	for _, previewd := range []*Backend{a, b} {
		both.Go(func() {
			for range 10 {
				if _, err := previewd.push(t.Context(), id, auth, true); err != nil {
					t.Error(err)
				}
			}
		})
	}
	both.Wait()
}

// users is a password file with tester, whose password is secretWord.
const (
	users      = "tester:$2y$05$abcdefghijklmnopqrstuupx2xBUC4954936wVIjyyPHmUBFu0wCW\n"
	secretWord = "open sesame"
)

// TestRegistryFaults: whatever keeps a registry from being of use is told with what to do, at once and by the check.
func TestRegistryFaults(t *testing.T) {
	requireSwarm(t)
	file := filepath.Join(t.TempDir(), "users")
	if err := os.WriteFile(file, []byte(users), 0o600); err != nil {
		t.Fatal(err)
	}
	locked := "auth: {htpasswd: {realm: test, path: " + file + "}}\n"
	keys := fmt.Sprintf("  tls: {certificate: %[1]s/n1-cert.pem, key: %[1]s/n1-key.pem}\n", bed.TLSDir())
	for name, c := range map[string]struct {
		strange, stopped bool
		config           string
		login            []string
		why, advice      string // "" where all is well
	}{
		"stopped":   {stopped: true, why: "cannot be reached", advice: "Start it"},
		"plain":     {strange: true, why: "speaks no TLS", advice: "insecure-registries"},
		"untrusted": {strange: true, config: keys, why: "certificate is not trusted", advice: ":5001/ca.crt"},
		"locked":    {config: locked, why: "wants a login", advice: "PREVIEW_IMAGE_REGISTRY_LOGIN_FILE"},
		"refused":   {config: locked, login: []string{"tester", "wrong password"}, why: "refuses the login of tester", advice: "Check the password"},
		"let in":    {config: locked, login: []string{"tester", secretWord}},
	} {
		t.Run(name, func(t *testing.T) {
			r := bed.Registry(t, c.strange, c.config)
			if c.stopped {
				r.Stop()
			}
			var log bytes.Buffer
			b := testBackend(t, func(o *Options) {
				through(r, c.login...)(o)
				l := logrus.New()
				l.SetOutput(&log)
				l.SetLevel(logrus.DebugLevel)
				o.Engine.Log = logrus.NewEntry(l)
			})
			err := runOn(t, b, 2, anImage(t, b, "fault"))
			var told *preview.RegistryError
			if ok := errors.As(err, &told); ok != (c.why != "") || ok && (!strings.Contains(told.Why, c.why) || !strings.Contains(told.Advice, c.advice)) {
				t.Errorf("it is told as %v", err)
			}
			faults, err := b.CheckRegistry(t.Context())
			if err != nil || len(faults) != bed.Nodes {
				t.Fatalf("%v, %v", faults, err)
			}
			for _, f := range faults {
				if got := strings.Join(f.Faults, ""); (got == "") != (c.why == "") || !strings.Contains(got, c.why) {
					t.Errorf("of node %s the check says %q", f.Node, got)
				}
			}
			if strings.Contains(log.String(), secretWord) || log.Len() == 0 {
				t.Errorf("the log is %s", &log)
			}
		})
	}
}

// TestAShimThatIsGone: a node that lost the volume with process 1 gets it again.
func TestAShimThatIsGone(t *testing.T) {
	b := testBackend(t, nil)
	if err := b.EnsureShim(t.Context()); err != nil {
		t.Fatal(err)
	}
	name := anImage(t, b, "shimless")
	for range 2 { // gone before previewd knew of it, and after
		empty(t, 2)
		for volume := range strings.FieldsSeq(bed.Docker(t, 2, "volume", "ls", "-q")) {
			bed.Docker(t, 2, "volume", "rm", volume)
		}
		if there, err := b.HasShim(t.Context()); there || err != nil {
			t.Fatalf("the shim is there: %v, %v", there, err)
		}
		if err := runOn(t, b, 2, name); err != nil {
			t.Error(err)
		}
		if there, err := b.HasShim(t.Context()); !there || err != nil {
			t.Errorf("the shim is there: %v, %v", there, err)
		}
	}
}
