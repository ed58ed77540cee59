import { useQuery } from '@tanstack/react-query'
import { useClient } from '../api/context'
import { keys } from '../api/queries'
import type { PreviewStatus } from '../api/types'

/** The parameter in which the gateway takes a token. It answers with a cookie and an address without it. */
const PARAMETER = '__previewd_token'

/** How long a visit lasts at most, in seconds: longer than a preview. */
export const VISIT = 24 * 3600

/**
 * useEntry gives the address of a path as the frame visits it; '' until it is known. The gateway is shown a token of a link that is made for
 * this visit: what a session token lets in ends with that, within the visit. A published port asks for none.
 */
export function useEntry(status: PreviewStatus, origin: string): (path: string) => string {
  const client = useClient()
  const direct = origin !== '' && status.base_url.startsWith(origin)
  const { data: token } = useQuery({
    queryKey: keys.visit(status.id),
    queryFn: async () => tokenOf((await client.share(status.generation_id, VISIT)).url),
    enabled: !direct,
    staleTime: (VISIT / 2) * 1000,
  })
  return (path) => {
    if (direct) return origin + path
    return token ? withToken(origin + path, token) : ''
  }
}

export const tokenOf = (link: string): string => new URL(link).searchParams.get(PARAMETER) ?? ''

export function withToken(address: string, token: string): string {
  const url = new URL(address)
  url.searchParams.set(PARAMETER, token)
  return url.href
}
