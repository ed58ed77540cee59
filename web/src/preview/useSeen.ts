import { skipToken, useQuery, useQueryClient } from '@tanstack/react-query'
import { useEffect } from 'react'
import { keys } from '../api/queries'
import type { PreviewStatus } from '../api/types'
import type { Seen } from './phases'

const none: Seen = {}

/** useSeen notes when each phase of a launch was first seen, for all who show it. */
export function useSeen({ id, phase }: Pick<PreviewStatus, 'id' | 'phase'>): Seen {
  const queries = useQueryClient()
  const { data } = useQuery<Seen>({ queryKey: keys.seen(id), queryFn: skipToken })
  useEffect(() => {
    if (phase === null) return
    queries.setQueryData<Seen>(keys.seen(id), (before = none) => (before[phase] === undefined ? { ...before, [phase]: Date.now() } : before))
  }, [queries, id, phase])
  return data ?? none
}
