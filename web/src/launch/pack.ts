import { Zip, ZipDeflate } from 'fflate'
import { isIgnored } from './ignore'

/** A file of a project, its path with slashes from the project's top. */
export interface Entry {
  path: string
  file: File
}

export interface Project {
  name: string
  entries: Entry[]
  bytes: number
  /** How many files or folders were left out. */
  ignored: number
}

export interface Archive {
  name: string
  file: File
}

/** projectOf sorts out what was chosen in a folder dialogue: the folder's name goes, and what nobody wants to upload. */
export function projectOf(files: readonly Entry[], ignoredBefore = 0): Project {
  const tops = new Set(files.map((e) => e.path.split('/')[0]))
  const inFolder = tops.size === 1 && files.every((e) => e.path.includes('/'))
  const top = inFolder ? ([...tops][0] ?? '') : ''
  const all = inFolder ? files.map((e) => ({ ...e, path: e.path.slice(top.length + 1) })) : files
  const entries = all.filter((e) => !isIgnored(e.path))
  return {
    name: top || 'project',
    entries,
    bytes: entries.reduce((sum, e) => sum + e.file.size, 0),
    ignored: ignoredBefore + all.length - entries.length,
  }
}

/** pack makes a zip, file by file, and lets the page breathe between them. */
export async function pack(entries: readonly Entry[], onProgress: (share: number) => void, signal?: AbortSignal): Promise<Uint8Array> {
  const chunks: Uint8Array[] = []
  const zip = new Zip((error, chunk) => {
    if (error) throw error
    chunks.push(chunk)
  })
  let breath = performance.now()
  for (const [i, entry] of entries.entries()) {
    signal?.throwIfAborted()
    const content = new Uint8Array(await entry.file.arrayBuffer())
    const part = new ZipDeflate(entry.path, { level: 6 })
    zip.add(part)
    part.push(content, true)
    if (performance.now() - breath > 12) {
      onProgress((i + 1) / entries.length)
      await new Promise((resolve) => setTimeout(resolve))
      breath = performance.now()
    }
  }
  zip.end()
  return join(chunks)
}

function join(chunks: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(chunks.reduce((n, c) => n + c.length, 0))
  let at = 0
  for (const c of chunks) {
    whole.set(c, at)
    at += c.length
  }
  return whole
}
