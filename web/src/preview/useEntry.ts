import { useQuery } from '@tanstack/react-query'
import { useClient } from '../api/context'
import { keys } from '../api/queries'
import { restOf, sessionFor } from '../api/sessions'
import type { PreviewStatus } from '../api/types'

/** The parameter in which the gateway takes a session token. It answers with a cookie and an address without it. */
const PARAMETER = '__previewd_token'

/**
 * useEntry gives the address of a path as the frame visits it. Through the gateway each visit shows the session token, for the
 * cookie may have been that of a token since renewed; a published port asks for none. It is '' until there is a token. One that has
 * expired is renewed.
 */
export function useEntry(status: PreviewStatus, origin: string): (path: string) => string {
  const client = useClient()
  const direct = origin !== '' && status.base_url.startsWith(origin)
  const session = useQuery({
    queryKey: keys.session(status.id),
    queryFn: () => sessionFor(client, status.generation_id, status.id),
    enabled: !direct,
    staleTime: Infinity,
    refetchInterval: () => restOf(status.id) + 2000,
  })
  return (path) => {
    if (direct) return origin + path
    return session.data ? withToken(origin + path, session.data) : ''
  }
}

export function withToken(address: string, token: string): string {
  const url = new URL(address)
  url.searchParams.set(PARAMETER, token)
  return url.href
}
