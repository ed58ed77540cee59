import { CirclePause, Play } from 'lucide-react'
import { useActions } from '../api/actions'
import type { PreviewStatus } from '../api/types'
import { Button } from '../ui/Button'
import { Empty } from '../ui/Empty'
import { Notice } from '../ui/Notice'
import { Browser } from './Browser'
import { Failed } from './Failed'
import { Starting } from './Starting'

/** PreviewPane shows the app, or why it cannot. */
export function PreviewPane({ status }: { status: PreviewStatus }) {
  const { launch } = useActions(status.generation_id)
  const relaunch = () => launch.mutate({ project_id: status.project_id })
  switch (status.status) {
    case 'running':
      return <Browser key={status.id} status={status} />
    case 'starting':
      return <Starting status={status} />
    case 'failed':
      return (
        <>
          {launch.error && <Notice error={launch.error} />}
          <Failed status={status} busy={launch.isPending} onRelaunch={relaunch} />
        </>
      )
    case 'stopping':
    case 'stopped':
      return (
        <Empty
          icon={<CirclePause />}
          title={status.status === 'stopping' ? 'Stopping' : 'This preview has ended'}
          action={
            status.status === 'stopped' && (
              <Button kind="primary" icon={<Play />} busy={launch.isPending} onClick={relaunch}>
                Launch again
              </Button>
            )
          }
        >
          {launch.error ? <Notice error={launch.error} /> : <p>{status.message}</p>}
        </Empty>
      )
  }
}
