import { Play, Rocket } from 'lucide-react'
import { useActions } from '../api/actions'
import { useGenerations } from '../api/queries'
import { Button } from '../ui/Button'
import { Empty } from '../ui/Empty'
import { Notice } from '../ui/Notice'

export function NeverLaunched({ generation }: { generation: string }) {
  const { launch } = useActions(generation)
  const generations = useGenerations()
  const known = generations.data?.generations.find((g) => g.id === generation)
  if (generations.isSuccess && !known) {
    return (
      <Empty title="There is no such project">
        <code>{generation}</code> does not exist, or it was deleted.
      </Empty>
    )
  }
  return (
    <Empty
      icon={<Rocket />}
      title="Not launched yet"
      action={
        <Button kind="primary" icon={<Play />} busy={launch.isPending} disabled={!known} onClick={() => launch.mutate({ project_id: known?.project_id ?? generation })}>
          Launch
        </Button>
      }
    >
      {launch.error ? <Notice error={launch.error} /> : `The files of ${generation} are here.`}
    </Empty>
  )
}
