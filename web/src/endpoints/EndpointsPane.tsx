import { useState } from 'react'
import { useEndpoints } from '../api/queries'
import type { Endpoint } from '../api/endpoints'
import type { PreviewStatus } from '../api/types'
import { Notice } from '../ui/Notice'
import { EndpointDetail } from './EndpointDetail'
import { EndpointList } from './EndpointList'
import css from './EndpointsPane.module.css'
import { keyOf } from './group'
import { readHistory, type Sent } from './history'
import type { Draft } from './draft'

/** A request to any path, for what the list does not have. */
const custom: Endpoint = {
  path: '/',
  method: '*',
  summary: '',
  description: '',
  tags: [],
  name: '',
  parameters: [],
  request_schema: null,
  request_example: null,
  response_schema: null,
  source: null,
  origin: 'static',
}

export const CUSTOM = keyOf(custom)

export interface Choice {
  endpoint: Endpoint
  /** A request of the history to begin with. */
  draft: Draft | null
  /** Tells one choice from the next of the same endpoint. */
  at: number
}

/** EndpointsPane is what the app serves, and a way to call it. */
export function EndpointsPane({ status }: { status: PreviewStatus }) {
  const { data, error, isPending } = useEndpoints(status.generation_id, status.id, status.status)
  const [choice, setChoice] = useState<Choice | null>(null)
  const [history, setHistory] = useState<Sent[]>(() => readHistory(localStorage, status.generation_id))
  const choose = (endpoint: Endpoint, draft: Draft | null = null) => setChoice({ endpoint, draft, at: Date.now() })
  const endpoints = data ? [...data.endpoints, ...data.builtin] : []
  const again = (s: Sent) => choose(endpoints.find((e) => keyOf(e) === s.key) ?? { ...custom, method: s.draft.method, path: s.draft.path }, s.draft)
  return (
    <div className={css.pane} data-detail={choice !== null}>
      <div className={css.list}>
        {error && (
          <div className={css.notice}>
            <Notice error={error} />
          </div>
        )}
        <EndpointList
          list={data}
          loading={isPending && !error}
          history={history}
          selected={choice && keyOf(choice.endpoint)}
          onSelect={choose}
          onCustom={() => choose(custom)}
          onAgain={again}
        />
      </div>
      {choice && (
        <div className={css.detail}>
          <EndpointDetail
            key={`${keyOf(choice.endpoint)} ${choice.at}`}
            choice={choice}
            editable={keyOf(choice.endpoint) === CUSTOM || choice.draft !== null}
            status={status}
            onSent={setHistory}
            onClose={() => setChoice(null)}
          />
        </div>
      )}
    </div>
  )
}
