import type { Client } from '../api/client'
import type { Preview } from '../api/types'
import { VISIT } from './useEntry'

/** openInTab shows an app in a tab of its own, by a link that lets this browser in. */
export async function openInTab(client: Client, p: Pick<Preview, 'generation_id'>) {
  const { url } = await client.share(p.generation_id, VISIT)
  window.open(url, '_blank', 'noopener')
}
