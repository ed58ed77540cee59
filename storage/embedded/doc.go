// Package embedded runs a private PostgreSQL server for previewd, in a folder of its own, reachable through a Unix
// socket only and only by the user who runs previewd.
//
// The folder:
//
//	lock       held while a previewd uses the folder
//	data       the cluster, owned by the user PostgreSQL runs as
//	run        the socket
//	hba.conf, ident.conf   who may connect, written at each start
//
// PostgreSQL refuses to run as root. Started as root, the server runs as the owner of an existing cluster, else as
// postgres, else as nobody. It reaches the folder through an open descriptor (/proc/self/fd/3), so the folder may
// lie below one that this user cannot enter, such as root's home.
package embedded
