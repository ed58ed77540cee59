import { useMutation, useQueryClient, type QueryClient } from '@tanstack/react-query'
import { useClient } from './context'
import { keys } from './queries'
import { rememberSession } from './sessions'
import type { Launched, LaunchRequest, Preview, PreviewStatus } from './types'

/** noteLaunch shows a launch at once, before its status is read. */
export function noteLaunch(queries: QueryClient, launched: Launched) {
  rememberSession(launched.id, launched)
  const preview: Preview = launched
  const fresh: PreviewStatus = { ...preview, uptime_seconds: 0, memory_usage_mb: 0, cpu_usage_percent: 0, endpoints_count: 0, timings: {}, cached: false }
  queries.setQueryData<PreviewStatus>(keys.status(preview.generation_id), fresh)
}

/** What can be done with a generation's preview. Each act refreshes what it changed. */
export function useActions(id: string) {
  const client = useClient()
  const queries = useQueryClient()
  const refresh = () =>
    Promise.all([queries.invalidateQueries({ queryKey: keys.previews }), queries.invalidateQueries({ queryKey: keys.status(id) })])

  const launch = useMutation({
    mutationFn: (body: LaunchRequest) => client.launch(id, body),
    onSuccess: (launched) => noteLaunch(queries, launched),
    onSettled: refresh,
  })
  const stop = useMutation({ mutationFn: () => client.stop(id), onMutate: refresh, onSettled: refresh })
  const extend = useMutation({ mutationFn: () => client.extend(id), onSettled: refresh })
  const remove = useMutation({
    mutationFn: () => client.deleteGeneration(id),
    onSettled: () => Promise.all([refresh(), queries.invalidateQueries({ queryKey: keys.generations })]),
  })
  return { launch, stop, extend, remove }
}
