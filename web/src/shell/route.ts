import { useSyncExternalStore } from 'react'

export const PANES = ['preview', 'logs', 'endpoints', 'status'] as const
export type PaneName = (typeof PANES)[number]

export interface Route {
  /** The generation that is shown; null is the list. */
  generation: string | null
  /** The pane that has the whole room, or on a small screen the one that is shown; null is all of them. */
  pane: PaneName | null
}

const PATH = /^\/previews\/([^/]+)\/?$/

export function parseRoute(path: string, search: string): Route {
  const match = PATH.exec(path)
  const pane = new URLSearchParams(search).get('pane')
  return { generation: match ? safeDecode(match[1] ?? '') : null, pane: PANES.find((p) => p === pane) ?? null }
}

export function formatRoute(r: Route): string {
  if (r.generation === null) return '/'
  return `/previews/${encodeURIComponent(r.generation)}${r.pane ? `?pane=${r.pane}` : ''}`
}

function safeDecode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}

const listeners = new Set<() => void>()
let current = typeof location === 'undefined' ? parseRoute('/', '') : parseRoute(location.pathname, location.search)

function changed(route: Route) {
  current = route
  for (const l of listeners) l()
}

/** go shows something else. Another generation is a step that Back undoes; another pane is not. */
export function go(to: Partial<Route>) {
  const next = { ...current, ...to }
  if (to.generation !== undefined && to.generation !== current.generation && to.pane === undefined) next.pane = null
  const step = next.generation !== current.generation
  history[step ? 'pushState' : 'replaceState'](null, '', formatRoute(next))
  changed(next)
}

function subscribe(listener: () => void) {
  const read = () => changed(parseRoute(location.pathname, location.search))
  if (listeners.size === 0) window.addEventListener('popstate', read)
  listeners.add(listener)
  return () => {
    listeners.delete(listener)
    if (listeners.size === 0) window.removeEventListener('popstate', read)
  }
}

export const useRoute = (): Route => useSyncExternalStore(subscribe, () => current)
