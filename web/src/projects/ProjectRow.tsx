import { useQuery } from '@tanstack/react-query'
import { Ellipsis } from 'lucide-react'
import { useState } from 'react'
import { keys, useReadStatus } from '../api/queries'
import { IconButton } from '../ui/Button'
import { cx } from '../ui/cx'
import { Menu } from '../ui/Menu'
import { StatusDot } from '../ui/StatusDot'
import { ago } from '../ui/time'
import { ProjectDialogs, type OpenDialog } from './ProjectDialogs'
import { ProjectMenu } from './ProjectMenu'
import type { Project } from './projects'
import css from './ProjectRow.module.css'

interface Props {
  project: Project
  now: number
  selected: boolean
  onSelect: (id: string) => void
}

export function ProjectRow({ project, now, selected, onSelect }: Props) {
  const { id, preview } = project
  const [dialog, setDialog] = useState<OpenDialog>(null)
  return (
    <li className={cx(css.row, selected && css.selected)}>
      <button type="button" data-row className={css.main} aria-current={selected ? 'page' : undefined} onClick={() => onSelect(id)}>
        <StatusDot status={preview?.status ?? 'stopped'} />
        <span className={css.name}>{id}</span>
        <span className={css.detail}>
          <span className="sr">{preview?.status ?? 'not launched'}</span>
          {detailOf(project)}
          {preview?.status === 'running' && <Memory id={id} />}
        </span>
        <span className={css.age}>{ago(now - project.at)}</span>
      </button>
      <span className={css.menu}>
        <Menu
          trigger={
            <IconButton label={`Actions for ${id}`}>
              <Ellipsis />
            </IconButton>
          }
        >
          <ProjectMenu id={id} preview={preview} open={setDialog} />
        </Menu>
      </span>
      <ProjectDialogs id={id} project={project.generation?.project_id ?? preview?.project_id ?? id} dialog={dialog} onClose={() => setDialog(null)} />
    </li>
  )
}

function detailOf({ preview, generation }: Project): string {
  if (!preview) return `not launched${generation?.runtime ? ` · ${generation.runtime}` : ''}`
  if (preview.status === 'starting') return preview.phase ?? 'starting'
  if (preview.status === 'failed' && preview.reason) return preview.reason.toLowerCase().replaceAll('_', ' ')
  return preview.framework || preview.runtime || preview.status
}

/** Memory is read seldom: every list would use up the rate of status requests otherwise. */
function Memory({ id }: { id: string }) {
  const { data } = useQuery({ queryKey: keys.status(id), queryFn: useReadStatus(id), refetchInterval: 20_000, staleTime: 15_000 })
  if (!data || data.status !== 'running' || data.memory_usage_mb === 0) return null
  return <span>{` · ${Math.round(data.memory_usage_mb)} MB`}</span>
}
