package images

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
)

// layout changes when installs are run in another way, so that older images are not taken for new ones.
const layout = 1

// depsKey names dependencies by all that they follow from. It is per user: an install runs code of the project,
// which must not reach another user's previews.
func depsKey(scope, runtimeID string, req DepsRequest, inputs map[string]file) string {
	type input struct {
		Mode   uint32
		Digest [sha256.Size]byte
	}
	digests := make(map[string]input, len(inputs))
	for name, f := range inputs {
		digests[name] = input{uint32(f.mode), sha256.Sum256(f.data)}
	}
	return keyOf(struct {
		Layout                              int
		Scope, User, Runtime, Root, Command string
		Env                                 map[string]string
		Inputs                              map[string]input
	}{layout, scope, req.UserID, runtimeID, req.Root, req.Install.Command, req.Env, digests})
}

// keyOf is 64 hex digits. JSON writes maps in order of their keys and leaves no two values looking the same.
func keyOf(v any) string {
	data, err := json.Marshal(v)
	if err != nil {
		panic(err) // only structs of strings, numbers and maps come here
	}
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
