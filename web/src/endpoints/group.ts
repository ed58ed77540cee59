import type { Endpoint } from '../api/endpoints'

export interface Group {
  tag: string
  endpoints: Endpoint[]
}

const keyOf = (e: Endpoint) => `${e.method} ${e.path}`
export { keyOf }

/** groupsOf sorts endpoints by their first tag, or else by the first part of their path, as people look for them. */
export function groupsOf(endpoints: readonly Endpoint[], text: string): Group[] {
  const groups = new Map<string, Endpoint[]>()
  for (const e of endpoints.filter((one) => matches(one, text))) {
    const tag = e.tags[0] ?? firstPart(e.path)
    groups.set(tag, [...(groups.get(tag) ?? []), e])
  }
  return [...groups].map(([tag, members]) => ({ tag, endpoints: members })).sort((a, b) => a.tag.localeCompare(b.tag))
}

/** firstPart skips what all paths of an API begin with, such as /api/v1. */
function firstPart(path: string): string {
  const part = path.split('/').find((p) => p !== '' && p !== 'api' && !/^v\d+$/.test(p))
  return part === undefined || part.startsWith('{') ? '/' : part
}

function matches(e: Endpoint, text: string): boolean {
  const all = [e.method, e.path, e.summary, e.name, e.source?.file, ...e.tags].join(' ').toLowerCase()
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((t) => all.includes(t))
}
