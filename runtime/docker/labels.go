package docker

import (
	"crypto/rand"
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"strconv"

	"github.com/docker/docker/api/types/filters"

	"previewd/runtime/preview"
)

// Labels on everything a backend makes.
const (
	LabelOwner      = "previewd.owner"
	LabelKind       = "previewd.kind"
	LabelPreview    = "previewd.preview"
	labelGeneration = "previewd.generation"
	labelUser       = "previewd.user"
	LabelPort       = "previewd.port"
)

func (b *Backend) instanceLabels(spec preview.Spec) map[string]string {
	return map[string]string{
		LabelOwner:      b.o.Owner,
		LabelKind:       string(spec.Kind),
		LabelPreview:    spec.PreviewID,
		labelGeneration: spec.GenerationID,
		labelUser:       spec.UserID,
		LabelPort:       strconv.Itoa(spec.Port),
	}
}

// ownLabels returns the owner's label beside extra ones, which cannot change it.
func (b *Backend) ownLabels(extra map[string]string) map[string]string {
	labels := make(map[string]string, len(extra)+1)
	maps.Copy(labels, extra)
	labels[LabelOwner] = b.o.Owner
	return labels
}

func (b *Backend) own(labels map[string]string) bool { return labels[LabelOwner] == b.o.Owner }

func (b *Backend) ownFilter() filters.Args {
	return filters.NewArgs(filters.Arg("label", LabelOwner+"="+b.o.Owner))
}

// instanceName is readable in the engine's own listings and never taken.
func instanceName(spec preview.Spec) string {
	id := spec.PreviewID
	if len(id) > 8 {
		id = id[:8]
	}
	return "previewd-" + string(spec.Kind) + "-" + id + "-" + randomHex()
}

func randomHex() string {
	var r [4]byte
	_, _ = rand.Read(r[:]) // crypto/rand.Read never fails: it ends the program instead
	return hex.EncodeToString(r[:])
}

// ownerHash stands for the owner where names must be short.
func (b *Backend) ownerHash() string {
	sum := sha256.Sum256([]byte(b.o.Owner))
	return hex.EncodeToString(sum[:4])
}
