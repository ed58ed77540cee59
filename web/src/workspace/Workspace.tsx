import { useCallback, type ReactNode } from 'react'
import { useStatus } from '../api/queries'
import { isNotFound } from '../api/problem'
import type { PreviewStatus } from '../api/types'
import { EndpointsPane } from '../endpoints/EndpointsPane'
import { LogsPane } from '../logs/LogsPane'
import { PreviewPane } from '../preview/PreviewPane'
import type { PaneName } from '../shell/route'
import { StatusPane } from '../status/StatusPane'
import { Notice } from '../ui/Notice'
import { NeverLaunched } from './NeverLaunched'
import { Pane } from './Pane'
import { Split } from './Split'
import { Tabs } from './Tabs'
import { useNarrow } from './useNarrow'
import css from './Workspace.module.css'

interface Props {
  generation: string
  pane: PaneName | null
  onPane: (p: PaneName | null) => void
}

const TITLES: Record<PaneName, string> = { preview: 'Preview', logs: 'Logs', endpoints: 'Endpoints', status: 'Status' }

/** Workspace shows a generation's preview in four panes: all of them, or one that has the whole room. */
export function Workspace({ generation, pane, onPane }: Props) {
  const { data: status, error } = useStatus(generation)
  const narrow = useNarrow()
  const one = useCallback(
    (name: PaneName, content: ReactNode) => (
      <Pane name={name} title={TITLES[name]} maximised={pane === name} onMaximise={() => onPane(pane === name ? null : name)}>
        {content}
      </Pane>
    ),
    [pane, onPane],
  )
  if (!status && isNotFound(error)) return <NeverLaunched generation={generation} />
  if (!status && error) {
    return (
      <div className={css.empty}>
        <Notice error={error} />
      </div>
    )
  }
  const contents = status ? contentsOf(status) : nothing
  if (narrow) return <Tabs selected={pane ?? 'preview'} titles={TITLES} contents={contents} onSelect={onPane} />
  if (pane) return <div className={css.whole}>{one(pane, contents[pane])}</div>
  const panes = (['preview', 'logs', 'endpoints', 'status'] as const).map((name) => one(name, contents[name]))
  return (
    <Split
      id="columns"
      label="Width of the columns"
      orientation="horizontal"
      parts={[
        { id: 'left', size: '66%', min: '320px', content: <Split id="left" label="Height of the log" orientation="vertical" parts={[{ id: 'preview', size: '62%', min: '120px', content: panes[0] }, { id: 'logs', size: '38%', min: '100px', content: panes[1] }]} /> },
        { id: 'right', size: '34%', min: '280px', content: <Split id="right" label="Height of the status" orientation="vertical" parts={[{ id: 'endpoints', size: '52%', min: '120px', content: panes[2] }, { id: 'status', size: '48%', min: '120px', content: panes[3] }]} /> },
      ]}
    />
  )
}

/** The panes stand where they will be before there is anything in them. */
const nothing: Record<PaneName, ReactNode> = { preview: null, logs: null, endpoints: null, status: null }

function contentsOf(status: PreviewStatus): Record<PaneName, ReactNode> {
  return {
    preview: <PreviewPane status={status} />,
    logs: <LogsPane key={status.id} status={status} />,
    endpoints: <EndpointsPane status={status} />,
    status: <StatusPane status={status} />,
  }
}
