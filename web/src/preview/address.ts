import type { Preview } from '../api/types'

/** Where the tab's own page is. */
export type Place = Pick<Location, 'protocol' | 'hostname'>

/**
 * frameOrigin is the origin under which an app is shown in a frame of the page. An app's cookies are kept from a frame of another
 * site, so it has to be the page's own site: the gateway's name where the page is below the same domain, and otherwise the
 * published port, if the page is at the same host.
 */
export function frameOrigin(p: Pick<Preview, 'preview_url' | 'base_url'>, page: Place): string {
  const gateway = parse(p.preview_url)
  const direct = parse(p.base_url)
  if (!gateway) return direct?.origin ?? ''
  if (!direct || sameSite(gateway, page) || page.protocol === 'https:') return gateway.origin
  return direct.hostname === page.hostname ? direct.origin : gateway.origin
}

/** sameSite compares the domains a name is registered under, of which the last two labels are a fair guess for a gateway and its page. */
function sameSite(url: URL, page: Place): boolean {
  const site = (host: string) => (/^[\d.]+$|:/.test(host) ? host : host.split('.').slice(-2).join('.'))
  return url.protocol === page.protocol && site(url.hostname) === site(page.hostname)
}

function parse(url: string): URL | null {
  try {
    return new URL(url)
  } catch {
    return null
  }
}

/** pathOf reads what was typed into the address bar: a path, or a whole address of this preview. Others lead nowhere. */
export function pathOf(typed: string, origins: readonly string[]): string | null {
  const text = typed.trim()
  const url = parse(text)
  if (url && /^https?:$/.test(url.protocol)) return origins.includes(url.origin) ? url.pathname + url.search + url.hash : null
  if (/^[a-z][a-z0-9+.-]*:/i.test(text) || text.startsWith('//') || text.includes('\\')) return null
  return text.startsWith('/') ? text : `/${text}`
}

/** shortHost is an origin without its scheme, and with the beginning only of a first label that is a long number. */
export const shortHost = (origin: string): string => origin.replace(/^https?:\/\//, '').replace(/^(\w{7})\w{12,}\./, '$1….')
