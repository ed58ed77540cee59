import { useActions } from '../api/actions'
import { RelaunchDialog } from '../launch/LaunchDialog'
import { Button } from '../ui/Button'
import { Dialog } from '../ui/Dialog'
import { Notice } from '../ui/Notice'
import { ShareDialog } from './ShareDialog'

export type OpenDialog = 'relaunch' | 'share' | 'delete' | null

interface Props {
  id: string
  project: string
  dialog: OpenDialog
  onClose: () => void
}

export function ProjectDialogs({ id, project, dialog, onClose }: Props) {
  const { launch } = useActions(id)
  if (dialog === 'relaunch') return <RelaunchDialog project={project} onClose={onClose} onLaunch={(body) => launch.mutate(body)} />
  if (dialog === 'share') return <ShareDialog id={id} onClose={onClose} />
  if (dialog === 'delete') return <DeleteDialog id={id} onClose={onClose} />
  return null
}

function DeleteDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const { remove } = useActions(id)
  return (
    <Dialog
      title="Delete this project?"
      onClose={onClose}
      foot={
        <>
          <Button onClick={onClose}>Cancel</Button>
          <Button kind="danger" busy={remove.isPending} onClick={() => remove.mutate(undefined, { onSuccess: onClose })}>
            Delete
          </Button>
        </>
      }
    >
      <p>
        <strong>{id}</strong> stops, and its files, its previews and their logs are removed. This cannot be undone.
      </p>
      {remove.error && <Notice error={remove.error} />}
    </Dialog>
  )
}
