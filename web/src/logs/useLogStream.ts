import { useQueryClient } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import { useClient } from '../api/context'
import { ApiError } from '../api/problem'
import { keys } from '../api/queries'
import type { LogRow, Preview, PreviewStatus } from '../api/types'
import { follow, type Connection } from '../sse/follow'
import { LogStore } from './store'
import { LogView } from './view'

/** How many of the last lines are asked for first; older ones are read when they are scrolled to. */
const TAIL = 20_000

/** useLogStream follows the log of one preview for as long as the component is there. */
export function useLogStream(generation: string, previewId: string) {
  const client = useClient()
  const queries = useQueryClient()
  const view = useMemo(() => new LogView(new LogStore()), [generation, previewId]) // eslint-disable-line react-hooks/exhaustive-deps -- a log of its own for each preview
  const [connection, setConnection] = useState<Connection>('connecting')
  useEffect(() => {
    const control = new AbortController()
    let pending: LogRow[] = []
    const flush = () => {
      const rows = pending
      pending = []
      view.store.append(rows)
    }
    const line = (row: LogRow) => {
      if (pending.push(row) === 1) queueMicrotask(flush)
    }
    const status = (p: Preview) => {
      // A launch in another window: the stream is now of a preview that is not this one.
      if (p.id !== previewId) control.abort()
      queries.setQueryData<PreviewStatus>(keys.status(generation), (old) => (old?.id === p.id ? { ...old, ...p } : old))
      void queries.invalidateQueries({ queryKey: keys.status(generation) })
    }
    void follow({
      open: (lastId, signal) =>
        client.http.send(`/generations/${encodeURIComponent(generation)}/preview/logs/stream`, {
          query: lastId ? {} : { tail: TAIL },
          headers: lastId ? { 'Last-Event-ID': lastId } : {},
          signal,
        }),
      onEvent: (e) => {
        if (e.event === 'message') line(JSON.parse(e.data) as LogRow)
        else if (e.event === 'status') status(JSON.parse(e.data) as Preview)
        else void queries.invalidateQueries({ queryKey: keys.status(generation) })
      },
      onConnection: setConnection,
      isLast: (e) => e.event === 'end',
      isFatal: (error) => error instanceof ApiError && error.status >= 400 && error.status < 500 && error.status !== 429,
      signal: control.signal,
    })
    return () => control.abort()
  }, [client, queries, view, generation, previewId])
  return { view, connection }
}
