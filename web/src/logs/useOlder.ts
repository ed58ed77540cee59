import { useCallback, useRef } from 'react'
import { useClient } from '../api/context'
import type { LogView } from './view'

const PAGE = 5000

/** useOlder reads the lines before the first one in memory, when somebody scrolls up to it. One page at a time, none twice. */
export function useOlder(generation: string, preview: string, view: LogView): () => void {
  const client = useClient()
  const busy = useRef(false)
  const done = useRef<LogView | null>(null)
  return useCallback(() => {
    const before = view.store.firstSeq
    if (busy.current || done.current === view || before <= 1) return
    busy.current = true
    client
      .logs(generation, { before, limit: PAGE, preview_id: preview })
      .then((page) => {
        if (view.store.prepend(page.logs) < PAGE) done.current = view
      })
      .catch(() => undefined) // the next scroll tries again
      .finally(() => {
        busy.current = false
      })
  }, [client, generation, preview, view])
}
