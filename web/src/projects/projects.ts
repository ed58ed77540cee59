import type { Generation, Preview } from '../api/types'

/** What the list shows of a generation: its files, and its latest preview if it ever had one. */
export interface Project {
  id: string
  generation: Generation | null
  preview: Preview | null
  /** When it was last worked on. */
  at: number
}

export type Group = 'active' | 'failed' | 'past'

/** projectsOf joins both lists, which are newest first. Generations that were never launched are there, too. */
export function projectsOf(generations: readonly Generation[], previews: readonly Preview[]): Project[] {
  const latest = new Map<string, Preview>()
  for (const p of previews) {
    const known = latest.get(p.generation_id)
    if (!known || known.created_at < p.created_at) latest.set(p.generation_id, p)
  }
  const byId = new Map(generations.map((g) => [g.id, g]))
  return [...new Set([...byId.keys(), ...latest.keys()])]
    .map((id) => project(id, byId.get(id) ?? null, latest.get(id) ?? null))
    .sort((a, b) => b.at - a.at || a.id.localeCompare(b.id))
}

function project(id: string, generation: Generation | null, preview: Preview | null): Project {
  const at = Date.parse(preview?.ended_at ?? preview?.created_at ?? generation?.updated_at ?? '')
  return { id, generation, preview, at: Number.isNaN(at) ? 0 : at }
}

export function groupOf(p: Project): Group {
  const status = p.preview?.status
  if (status === 'starting' || status === 'running' || status === 'stopping') return 'active'
  return status === 'failed' ? 'failed' : 'past'
}

/** found says whether a project is meant by what was typed. */
export function found(p: Project, text: string): boolean {
  const words = [p.id, p.generation?.project_id, p.preview?.framework, p.preview?.runtime, p.preview?.reason, p.preview?.status]
  return text
    .toLowerCase()
    .split(/\s+/)
    .every((t) => words.some((w) => w?.toLowerCase().includes(t)))
}
