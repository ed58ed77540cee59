package launch

import "previewd/runtime/preview"

// withoutSecrets is the reason as it may be told. Its evidence comes from the log, which is clear already, and from elsewhere: an install's last lines,
// the command.
func (r *run) withoutSecrets(reason *preview.Reason) *preview.Reason {
	told := *reason
	told.Message, told.Hint = r.secrets.String(reason.Message), r.secrets.String(reason.Hint)
	if reason.Evidence != nil {
		evidence := *reason.Evidence
		evidence.LastLines = make([]string, len(reason.Evidence.LastLines))
		for i, line := range reason.Evidence.LastLines {
			evidence.LastLines[i] = string(r.secrets.Cut([]byte(line))) // long ones are cut
		}
		told.Evidence = &evidence
	}
	return &told
}
