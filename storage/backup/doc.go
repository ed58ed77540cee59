// Package backup writes a previewd's database into a file and brings it back. PostgreSQL's own programs do the work: pg_dump
// reads one moment of a database that others go on writing to, and what it writes can be restored by hand, too.
package backup
