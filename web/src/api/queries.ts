import { QueryClient, skipToken, useQuery, useQueryClient } from '@tanstack/react-query'
import { addSample, sampleOf, type Sample } from '../status/history'
import { useClient } from './context'
import { ApiError } from './problem'
import type { PreviewStatus } from './types'

export const keys = {
  previews: ['previews'] as const,
  generations: ['generations'] as const,
  status: (id: string) => ['status', id] as const,
  visits: ['visit'] as const,
  visit: (preview: string) => ['visit', preview] as const,
  seen: (preview: string) => ['seen', preview] as const,
  use: (preview: string) => ['use', preview] as const,
  config: (id: string, preview: string) => ['config', id, preview] as const,
  endpoints: (id: string, preview: string) => ['endpoints', id, preview] as const,
}

/** newQueryClient asks again when previewd was away, and never when it said no. */
export function newQueryClient(): QueryClient {
  return new QueryClient({
    defaultOptions: {
      queries: {
        retry: (count, error) => error instanceof ApiError && (error.status === 0 || error.status >= 502) && count < 5,
        retryDelay: (count) => Math.min(500 * 2 ** count, 5000),
        staleTime: 2000,
        networkMode: 'always', // previewd is often on this machine, whatever the browser thinks of the network
      },
      mutations: { networkMode: 'always' },
    },
  })
}

export function usePreviews() {
  const client = useClient()
  return useQuery({
    queryKey: keys.previews,
    queryFn: ({ signal }) => client.previews(undefined, signal),
    refetchInterval: (q) => (q.state.data?.previews.some((p) => p.status === 'starting' || p.status === 'stopping') ? 1500 : 5000),
  })
}

export function useGenerations() {
  const client = useClient()
  return useQuery({ queryKey: keys.generations, queryFn: ({ signal }) => client.generations(signal), refetchInterval: 15000 })
}

/** How often a status is read: quickly while something happens, slowly when nothing can. Below the default limit of 100 a minute. */
function statusPause(s: PreviewStatus | undefined): number {
  if (!s) return 5000
  if (s.status === 'starting' || s.status === 'stopping') return 700
  return s.status === 'running' ? 2000 : 10000
}

/** useReadStatus reads a status, and notes what the preview uses. */
export function useReadStatus(id: string) {
  const client = useClient()
  const queries = useQueryClient()
  return async ({ signal }: { signal: AbortSignal }) => {
    const status = await client.status(id, signal)
    if (status.status === 'running') {
      queries.setQueryData<readonly Sample[]>(keys.use(status.id), (before = []) => addSample(before, sampleOf(status, Date.now())))
    }
    return status
  }
}

/** useUse is what a preview has used since the page was opened. */
export function useUse(preview: string): readonly Sample[] {
  const { data } = useQuery<readonly Sample[]>({ queryKey: keys.use(preview), queryFn: skipToken, gcTime: 10 * 60_000 })
  return data ?? []
}

export function useStatus(id: string) {
  return useQuery({
    queryKey: keys.status(id),
    queryFn: useReadStatus(id),
    refetchInterval: (q) => {
      const error = q.state.error
      if (error instanceof ApiError && error.retryAfter > 0) return error.retryAfter * 1000
      return statusPause(q.state.data)
    },
  })
}

export function useConfig(id: string, preview: string) {
  const client = useClient()
  return useQuery({ queryKey: keys.config(id, preview), queryFn: ({ signal }) => client.config(id, signal), staleTime: 30000 })
}

/** useEndpoints asks again while the files are still being read, and when the state changes: a running app tells more. */
export function useEndpoints(id: string, preview: string, status: string) {
  const client = useClient()
  return useQuery({
    queryKey: keys.endpoints(id, `${preview} ${status}`),
    queryFn: ({ signal }) => client.endpoints(id, signal),
    refetchInterval: (q) => (q.state.data?.complete === false ? 1500 : false),
    placeholderData: (before) => before,
    staleTime: 60_000,
  })
}
