package embedded

import (
	"errors"
	"fmt"
	"os"
	"os/user"
	"strconv"
	"syscall"
)

// role is the database superuser that previewd connects as.
const role = "previewd"

// account is the system user the server runs as.
type account struct {
	uid, gid int
	client   string // name of the user this process runs as: the one who may connect
	foreign  bool   // the server runs as another user than this process
}

// credential makes a child of this process run as the account.
func (a account) credential() *syscall.Credential {
	if !a.foreign {
		return nil
	}
	return &syscall.Credential{Uid: uint32(a.uid), Gid: uint32(a.gid)} //nolint:gosec // ids fit 32 bits
}

// chooseAccount decides who runs the server on the cluster in data, which may not exist yet.
func chooseAccount(data string) (account, error) {
	me, err := user.Current()
	if err != nil {
		return account{}, fmt.Errorf("who runs this (PostgreSQL needs a user of /etc/passwd): %w", err)
	}
	if os.Geteuid() != 0 {
		return ownAccount(me, data)
	}
	uid, gid, found := ownerOf(data)
	if found && uid != 0 {
		return account{uid: uid, gid: gid, client: me.Username, foreign: true}, nil
	}
	for _, name := range []string{"postgres", "nobody"} {
		if u, err := user.Lookup(name); err == nil {
			uid, err1 := strconv.Atoi(u.Uid)
			gid, err2 := strconv.Atoi(u.Gid)
			return account{uid: uid, gid: gid, client: me.Username, foreign: true}, errors.Join(err1, err2)
		}
	}
	return account{}, errors.New("PostgreSQL does not run as root, and there is no user postgres or nobody to run it as")
}

func ownAccount(me *user.User, data string) (account, error) {
	if uid, _, found := ownerOf(data); found && uid != os.Geteuid() {
		return account{}, fmt.Errorf("%s belongs to user id %d, but this runs as %s: "+
			"run previewd as the user who created it, or as root", data, uid, me.Username)
	}
	return account{uid: os.Geteuid(), gid: os.Getegid(), client: me.Username}, nil
}

func ownerOf(path string) (uid, gid int, found bool) {
	info, err := os.Lstat(path)
	if err != nil {
		return 0, 0, false
	}
	stat, ok := info.Sys().(*syscall.Stat_t)
	if !ok {
		return 0, 0, false
	}
	return int(stat.Uid), int(stat.Gid), true
}
