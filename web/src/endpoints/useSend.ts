import { useMutation } from '@tanstack/react-query'
import { useClient } from '../api/context'
import { ApiError } from '../api/problem'
import { forgetSession, sessionFor } from '../api/sessions'
import type { AppAnswer, PreviewStatus } from '../api/types'
import { requestOf, type Draft } from './draft'
import { addToHistory, type Sent } from './history'

/** useSend sends a request to the app. A session token that has expired meanwhile is replaced once. */
export function useSend(status: PreviewStatus, key: string, onSent: (h: Sent[]) => void) {
  const client = useClient()
  const { generation_id: generation, id } = status
  const send = async (draft: Draft): Promise<AppAnswer> => {
    const request = requestOf(draft)
    try {
      return await client.request(generation, await sessionFor(client, generation, id), request)
    } catch (error) {
      if (!(error instanceof ApiError) || error.code !== 'INVALID_SESSION_TOKEN') throw error
      forgetSession(id)
      return client.request(generation, await sessionFor(client, generation, id), request)
    }
  }
  return useMutation({
    mutationFn: send,
    onSuccess: (answer, draft) => onSent(addToHistory(localStorage, generation, { at: Date.now(), key, draft, status: answer.status_code, ms: answer.elapsed_ms })),
  })
}
