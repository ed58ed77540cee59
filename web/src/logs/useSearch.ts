import { useInfiniteQuery } from '@tanstack/react-query'
import { useEffect, useState } from 'react'
import { useClient } from '../api/context'
import type { LogPage } from '../api/types'
import type { Filter } from './filter'

export interface Search {
  text: string
  regex: boolean
  /** Lines that were written then or later, for a jump to a time; '' is all. */
  since: string
}

export const noSearch: Search = { text: '', regex: false, since: '' }

/** useSearch reads the stored log: what a text or an expression is found in, or what was written from a time on. */
export function useSearch(generation: string, preview: string, search: Search, filter: Filter) {
  const client = useClient()
  const settled = useSettled(search, 250)
  return useInfiniteQuery({
    queryKey: ['logs', generation, preview, settled, filter],
    enabled: settled.text !== '' || settled.since !== '',
    initialPageParam: '',
    queryFn: ({ pageParam, signal }): Promise<LogPage> =>
      client.logs(
        generation,
        {
          cursor: pageParam,
          limit: 500,
          q: settled.text,
          regex: settled.text !== '' && settled.regex,
          since: settled.since,
          level: filter.level,
          source: filter.source,
          preview_id: preview,
        },
        signal,
      ),
    getNextPageParam: (page) => page.next_cursor,
    placeholderData: (before) => before,
    retry: false,
    staleTime: 10_000,
  })
}

/** useSettled is a value that has not changed for a while. */
function useSettled<T>(value: T, ms: number): T {
  const [settled, setSettled] = useState(value)
  useEffect(() => {
    const timer = setTimeout(() => setSettled(value), ms)
    return () => clearTimeout(timer)
  }, [value, ms])
  return settled
}
