package storage

import (
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"net"
	"syscall"

	"github.com/lib/pq"
	"github.com/lib/pq/pqerror"

	"previewd/runtime/preview"
)

// ErrSchemaNewer says that the database was migrated by a later version of the program.
var ErrSchemaNewer = errors.New("database schema is newer than this program")

// Away reports whether the database was not there to answer, or went while it did, or has only a stand-in that cannot be written yet: what was
// asked may have been done or not. Asked again later it may answer.
func Away(err error) bool {
	var network *net.OpError
	return isNotUpYet(err) || isCut(err) || errors.As(err, &network) ||
		errors.Is(err, driver.ErrBadConn) || errors.Is(err, sql.ErrConnDone) || errors.Is(err, io.EOF) || errors.Is(err, io.ErrUnexpectedEOF) ||
		isConnectionException(err) || pq.As(err, pqerror.AdminShutdown, pqerror.CrashShutdown, pqerror.TooManyConnections, pqerror.ReadOnlySQLTransaction) != nil
}

// isConnectionException is what a pooler says of a server that it does not reach.
func isConnectionException(err error) bool {
	said := pq.As(err)
	return said != nil && said.Code.Class() == pqerror.ClassConnectionException
}

// isNotUpYet reports whether a server may simply not have come up yet: nothing listens, or it still recovers.
func isNotUpYet(err error) bool {
	return errors.Is(err, syscall.ECONNREFUSED) ||
		errors.Is(err, syscall.ENOENT) || // the socket's file is not there yet
		pq.As(err, pqerror.CannotConnectNow) != nil
}

// isCut reports whether the other side has ended the connection already.
func isCut(err error) bool {
	return errors.Is(err, syscall.EPIPE) || errors.Is(err, syscall.ECONNRESET)
}

// isDuplicate reports whether a row with the same key was there already.
func isDuplicate(err error) bool { return pq.As(err, pqerror.UniqueViolation) != nil }

// isMissingPartition reports whether a row belongs into a partition that is not there. PostgreSQL's code for it is that
// of a violated check, which has a name.
func isMissingPartition(err error) bool {
	violated := pq.As(err, pqerror.CheckViolation)
	return violated != nil && violated.Constraint == ""
}

// isLocked reports whether a lock could not be had in time.
func isLocked(err error) bool { return pq.As(err, pqerror.LockNotAvailable) != nil }

// notFound replaces the driver's word for an empty answer by the domain's.
func notFound(err, domain error, id string) error {
	if errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("%w: %q", domain, id)
	}
	return err
}

func previewNotFound(err error, id string) error {
	return notFound(err, preview.ErrPreviewNotFound, id)
}

func generationNotFound(err error, id string) error {
	return notFound(err, preview.ErrGenerationNotFound, id)
}

func isNoRows(err error) bool { return errors.Is(err, sql.ErrNoRows) }
