import { QueryClient, useQuery } from '@tanstack/react-query'
import { useClient } from './context'
import { ApiError } from './problem'
import type { PreviewStatus } from './types'

export const keys = {
  previews: ['previews'] as const,
  generations: ['generations'] as const,
  status: (id: string) => ['status', id] as const,
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

export function useStatus(id: string) {
  const client = useClient()
  return useQuery({
    queryKey: keys.status(id),
    queryFn: ({ signal }) => client.status(id, signal),
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

export function useEndpoints(id: string, preview: string, running: boolean) {
  const client = useClient()
  return useQuery({
    queryKey: keys.endpoints(id, preview),
    queryFn: ({ signal }) => client.endpoints(id, signal),
    enabled: running,
    staleTime: 60000,
  })
}
