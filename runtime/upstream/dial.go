package upstream

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"strconv"

	"previewd/runtime/preview"
)

// ErrNotRunning says that the preview had ended when it was dialled.
var ErrNotRunning = errors.New("preview does not run")

// dial connects to the preview that address names, by its id and its port: to its instance itself where there is a way, else to the
// published port.
//
// The port is leased to the preview until its end, and then to anybody's. A preview that was running when the
// request looked it up may have ended since, and the port be a stranger's. So its row is read after the connection
// was made and before anything is sent: one that still runs then held the lease all along, and no other instance
// can have answered. Afterwards the connection leads to that instance for good, whatever becomes of the port.
func (p *Pool) dial(ctx context.Context, network, address string) (net.Conn, error) {
	id, port, err := net.SplitHostPort(address)
	if err != nil {
		return nil, fmt.Errorf("address %q: %w", address, err)
	}
	ctx, cancel := context.WithTimeout(ctx, connectTimeout)
	defer cancel()
	host, err := p.hostOf(ctx, id)
	if err != nil {
		return nil, err
	}
	conn := p.near(ctx, network, id, port)
	if conn == nil {
		if conn, err = p.Dial(ctx, network, net.JoinHostPort(host, port)); err != nil {
			return nil, err
		}
	}
	if err := p.confirm(ctx, id, host, port); err != nil {
		_ = conn.Close() // nothing was sent
		return nil, err
	}
	return p.open.add(id, conn), nil
}

// hostOf is where the preview's port is. On many machines its row says so: an old instance may still answer on a machine that
// the swarm has given up.
func (p *Pool) hostOf(ctx context.Context, id string) (string, error) {
	if !p.Nodes {
		return p.Host, nil
	}
	row, err := p.row(ctx, id)
	return cmp.Or(row.NodeHost, p.Host), err
}

func (p *Pool) confirm(ctx context.Context, id, host, port string) error {
	row, err := p.row(ctx, id)
	if err == nil && (!runsOn(row, port) || cmp.Or(row.NodeHost, p.Host) != host) {
		err = fmt.Errorf("%w: %s", ErrNotRunning, id)
	}
	return err
}

func (p *Pool) row(ctx context.Context, id string) (preview.Preview, error) {
	row, err := p.Rows.Preview(ctx, id)
	if errors.Is(err, preview.ErrPreviewNotFound) {
		return row, fmt.Errorf("%w: %s", ErrNotRunning, id)
	}
	if err != nil {
		return row, &lookupError{err}
	}
	return row, nil
}

// lookupError is a failure to read the preview's row: ours, and not the app's.
type lookupError struct{ cause error }

func (e *lookupError) Error() string { return "look up the preview dialled: " + e.cause.Error() }

func (e *lookupError) Unwrap() error { return e.cause }

func runsOn(row preview.Preview, port string) bool {
	return row.Status == preview.Running && strconv.Itoa(row.Port) == port
}
