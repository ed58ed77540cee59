package launch

import (
	"context"
	"errors"
	"fmt"
	"time"

	"previewd/runtime/preview"
	"previewd/runtime/tracing"
)

// lost tells why the instance was given up with its machine, "" when it was not: then the preview can start again on
// another one.
func (r *run) lost() string {
	if !r.s.Config.Nodes || r.ctx.Err() != nil || r.stopWatch == nil || !r.hasEnded() {
		return ""
	}
	end := r.final
	switch {
	case end.instance.Lost != "":
		return end.instance.Lost
	case end.engineDown && !end.instance.OOMKilled:
		return fmt.Sprintf("the engine of node %s was restarted", r.row.Node)
	}
	return ""
}

// beginMove ends this run of a preview whose machine was lost, so that another one starts it again elsewhere. Somebody who
// stops the preview meanwhile comes first.
func (r *run) beginMove() bool {
	why := r.lost()
	if why == "" {
		return false
	}
	if r.row.Status == preview.Running {
		ctx, cancel := context.WithTimeout(context.Background(), patientTimeout)
		defer cancel()
		reason := preview.Reason{Code: preview.InstanceLost, Message: "The preview moves: " + why + "."}
		if err := r.rows.BeginMove(ctx, r.row.ID, reason); err != nil && !alreadyDone(err, preview.Starting) {
			var changed *preview.TransitionError
			if !errors.As(err, &changed) {
				r.log.WithError(err).Error("cannot note that the preview moves")
			}
			return false
		}
	}
	r.row.Status, r.row.Phase, r.row.Health = preview.Starting, preview.Queued, preview.HealthUnknown
	r.row.Node, r.row.NodeHost, r.row.InstanceID = "", "", r.instanceID
	r.system(preview.Warning, "%s: the preview moves to another node; what the app wrote last may be missing", why)
	r.log.WithField("err", why).Info("preview moves")
	r.traceOutcome(left, "")
	r.s.Publish.Publish(r.row)
	r.unwatch()
	r.leavePlace()
	r.closeJournal()
	r.moved = why
	return true
}

// goOn runs a preview that moves from its first stage on. Should this process die before, Resume does.
func (s *Service) goOn(r *run) {
	if r.moved == "" {
		return
	}
	_, err := s.begin(tracing.Detached(r.ctx), r.row, func(next *run) *preview.Reason {
		next.moving = r.moved
		return next.startFromScratch()
	})
	if err != nil {
		r.log.WithError(err).Warn("the preview's move is left to the next previewd")
	}
}

// stranded turns what kept a preview from moving into the end that it is: the loss of its instance.
func (r *run) stranded(reason *preview.Reason) *preview.Reason {
	if r.moving == "" || r.ctx.Err() != nil {
		return reason
	}
	switch reason.Code {
	case preview.EngineUnavailable, preview.NoPorts, preview.InternalError:
		lost := instanceLost(fmt.Sprintf("The preview could not move after its machine was lost (%s): %s", r.moving, reason.Message))
		lost.Hint = reason.Hint
		return lost
	}
	return reason
}

// arrived counts the outcome of a move, which is over with it.
func (r *run) arrived(what outcome) {
	if r.moving != "" {
		r.s.Metrics.moved(what)
		r.moving = ""
	}
}

// locate notes which machine the instance is on.
func (r *run) locate(ctx context.Context) error {
	if !r.s.Config.Nodes {
		return nil
	}
	i, err := r.s.Engine.Inspect(ctx, r.instanceID)
	if err != nil {
		return err
	}
	r.row.Node, r.row.NodeHost = i.Node, i.Host
	return r.rows.SetNode(ctx, r.row.ID, i.Node, i.Host)
}

// where is the place that the preview runs at, in words.
func (r *run) where() string {
	if r.row.Node == "" {
		return fmt.Sprintf("port %d", r.row.Port)
	}
	return fmt.Sprintf("node %s, port %d,", r.row.Node, r.row.Port)
}

// since is how long the launch, or the move, has taken so far.
func (r *run) since() time.Duration {
	if r.moving != "" {
		return time.Since(r.begun)
	}
	return time.Since(r.row.CreatedAt)
}
