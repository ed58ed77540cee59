package launch

import (
	"context"
	"errors"

	"previewd/runtime/preview"
)

// errDetached ends a run without touching its instance or its row.
var errDetached = errors.New("previewd leaves the preview running")

// errStartup ends the wait for the app's first answer.
var errStartup = errors.New("startup timeout")

// wanted is the reason of an end that somebody asked for.
func wanted(code preview.Code) preview.Reason {
	messages := map[preview.Code]string{
		preview.User:     "The preview was stopped by its owner.",
		preview.Replaced: "The preview was replaced by a newer launch of the same generation.",
		preview.Expired:  "The preview reached its maximum uptime.",
		preview.Idle:     "Nobody used the preview for a while.",
		preview.Shutdown: "previewd was shut down.",
	}
	hints := map[preview.Code]string{
		preview.Expired:  "Launch it again, or extend it before it expires.",
		preview.Idle:     "Launch it again when it is needed.",
		preview.Shutdown: "Launch it again when previewd is back.",
	}
	return preview.Reason{Code: code, Message: messages[code], Hint: hints[code]}
}

// reasonOf turns whatever ended a run into the reason of the preview. Unknown errors are logged by the caller:
// their text is not for clients.
func reasonOf(ctx context.Context, err error) *preview.Reason {
	var r *preview.Reason
	if errors.As(context.Cause(ctx), &r) || errors.As(err, &r) {
		return r
	}
	var full *preview.NoRoomError
	var registry *preview.RegistryError
	switch {
	case errors.As(err, &full):
		return &preview.Reason{
			Code:    preview.EngineUnavailable,
			Message: "No node of the swarm can take the preview: " + full.Why + ".",
			Hint:    "Stop other previews, ask for less memory, or have the operator add a node or make room on one.",
		}
	case errors.As(err, &registry):
		return &preview.Reason{
			Code:    preview.EngineUnavailable,
			Message: "The preview's image does not get to its node: " + registry.Why + ".",
			Hint:    "Tell the operator, whom /readyz tells more. Then launch the preview again.",
		}
	case errors.Is(err, preview.ErrEngineUnavailable):
		return &preview.Reason{
			Code:    preview.EngineUnavailable,
			Message: "The container engine cannot be reached.",
			Hint:    "Start the engine, then launch the preview again.",
		}
	case errors.Is(err, preview.ErrNoPorts):
		return &preview.Reason{
			Code:    preview.NoPorts,
			Message: "Every port that could be leased is held by another program on this host.",
			Hint:    "Stop a preview, or widen PREVIEW_PORT_MIN and PREVIEW_PORT_MAX.",
		}
	}
	return &preview.Reason{
		Code:    preview.InternalError,
		Message: "previewd could not run the preview because of an error of its own.",
		Hint:    "Launch it again; if it happens twice, previewd's own log has the details.",
	}
}

func instanceLost(message string) *preview.Reason {
	return &preview.Reason{Code: preview.InstanceLost, Message: message, Hint: "Launch the preview again."}
}
