import { Waypoints } from 'lucide-react'
import type { PreviewStatus } from '../api/types'
import { Empty } from '../ui/Empty'

export function EndpointsPane({ status }: { status: PreviewStatus }) {
  return (
    <Empty icon={<Waypoints />} title="No endpoints">
      {status.status === 'running' ? 'None were found in this project.' : 'They are listed while the preview runs.'}
    </Empty>
  )
}
