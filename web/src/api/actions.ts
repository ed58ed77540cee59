import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useClient } from './context'
import { keys } from './queries'
import { rememberSession } from './sessions'
import type { LaunchRequest } from './types'

/** What can be done with a generation's preview. Each act refreshes what it changed. */
export function useActions(id: string) {
  const client = useClient()
  const queries = useQueryClient()
  const refresh = () =>
    Promise.all([queries.invalidateQueries({ queryKey: keys.previews }), queries.invalidateQueries({ queryKey: keys.status(id) })])

  const launch = useMutation({
    mutationFn: (body: LaunchRequest) => client.launch(id, body),
    onSuccess: (launched) => rememberSession(launched.id, launched.session_token),
    onSettled: refresh,
  })
  const stop = useMutation({ mutationFn: () => client.stop(id), onMutate: refresh, onSettled: refresh })
  const extend = useMutation({ mutationFn: (seconds: number | undefined) => client.extend(id, seconds), onSettled: refresh })
  const remove = useMutation({
    mutationFn: () => client.deleteGeneration(id),
    onSettled: () => Promise.all([refresh(), queries.invalidateQueries({ queryKey: keys.generations })]),
  })
  return { launch, stop, extend, remove }
}
