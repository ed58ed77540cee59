// Package reconcile compares what the database says with what the engine has and makes the two agree. It is what
// survives kill -9: rows without an owner are taken over, instances without a row are removed.
package reconcile

import (
	"time"

	"previewd/runtime/preview"
)

// Verb names what is to be done.
type Verb string

// Verbs.
const (
	Adopt   Verb = "adopt"   // a running preview nobody watches
	Resume  Verb = "resume"  // a starting preview nobody works on
	Discard Verb = "discard" // a stopping preview, or one whose instance is gone
	Remove  Verb = "remove"  // an instance that belongs to no active preview
	Release Verb = "release" // a preview of this process that another one took over, in the belief that this one died
)

// Action is one thing to do to a preview, or to an instance (Remove).
type Action struct {
	Verb     Verb
	Claim    preview.Claim // with the instance that was found, if one was
	Instance preview.Instance
}

// forLeader tells what only one of several processes may do. What bears this one's own name, and nobody here runs, the leader leaves to it.
func (a Action) forLeader(self string) bool {
	return a.Verb != Release && (!a.takesOver() || a.Claim.Launcher != self)
}

func (a Action) takesOver() bool { return a.Verb == Adopt || a.Verb == Resume || a.Verb == Discard }

// World is what was seen. Instances are listed before the rows are read: a row always exists before its instance, so
// an instance without a row in this order is a leftover and not a newborn.
type World struct {
	Instances []preview.Instance
	Claims    []preview.Claim // of the active previews

	Self  string                      // the name of this process
	Own   func(previewID string) bool // this process runs it
	Alive func(launcher string) bool  // that process lives, so its previews are its own business
	Now   time.Time
	// InstallAge is how old an install instance may get before it is a leftover; a live install is younger.
	InstallAge time.Duration
}

// Plan decides what to do. It is pure.
func Plan(w World) []Action {
	var actions []Action
	byPreview := instancesByPreview(w.Instances)
	active := make(map[string]preview.Claim, len(w.Claims))
	for _, row := range w.Claims {
		active[row.ID] = row
		if a, ok := forRow(w, row, choose(row, byPreview[row.ID])); ok {
			actions = append(actions, a)
		}
	}
	for _, instance := range w.Instances {
		if leftover(w, instance, active) {
			actions = append(actions, Action{Verb: Remove, Instance: instance})
		}
	}
	return actions
}

func instancesByPreview(instances []preview.Instance) map[string][]preview.Instance {
	found := make(map[string][]preview.Instance, len(instances))
	for _, i := range instances {
		if i.Kind == preview.KindPreview {
			found[i.PreviewID] = append(found[i.PreviewID], i)
		}
	}
	return found
}

// choose finds the row's instance. There may be a second one: the engine finishes a creation whose process died
// during it. Without an id in the row any will do, the process may have died before it wrote that down; one that
// ran has written it.
func choose(row preview.Claim, instances []preview.Instance) preview.Instance {
	for _, i := range instances {
		if i.ID == row.InstanceID {
			return i
		}
	}
	if len(instances) == 0 || (row.Status == preview.Running && row.InstanceID != "") {
		return preview.Instance{}
	}
	return instances[0]
}

func forRow(w World, row preview.Claim, instance preview.Instance) (Action, bool) {
	if w.Own(row.ID) {
		return Action{Verb: Release, Claim: row}, row.Launcher != w.Self
	}
	if w.Alive(row.Launcher) {
		return Action{}, false
	}
	if instance.ID != "" {
		row.InstanceID = instance.ID
	}
	switch {
	case row.Status == preview.Stopping:
		return Action{Verb: Discard, Claim: row}, true
	case row.Status == preview.Starting:
		return Action{Verb: Resume, Claim: row}, true
	case instance.ID == "":
		return Action{Verb: Discard, Claim: row}, true
	default:
		return Action{Verb: Adopt, Claim: row}, true
	}
}

func leftover(w World, instance preview.Instance, active map[string]preview.Claim) bool {
	row, ok := active[instance.PreviewID]
	if ok && row.Status == preview.Running && row.InstanceID != "" {
		return instance.ID != row.InstanceID // whoever runs it is done with creating
	}
	if w.Own(instance.PreviewID) {
		return false
	}
	if !ok {
		return true
	}
	if instance.Kind == preview.KindInstall {
		return !w.Alive(row.Launcher) || w.Now.Sub(instance.CreatedAt) > w.InstallAge
	}
	return row.InstanceID != "" && row.InstanceID != instance.ID && !w.Alive(row.Launcher)
}
