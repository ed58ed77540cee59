import { isIgnoredFolder } from './ignore'
import { projectOf, type Archive, type Entry, type Project } from './pack'

export type Chosen = { kind: 'folder'; project: Project } | { kind: 'archive'; archive: Archive }

export const isArchive = (name: string): boolean => /\.(zip|tgz|tar\.gz)$/i.test(name)

export const contentTypeOf = (name: string): string => (/\.zip$/i.test(name) ? 'application/zip' : 'application/gzip')

/** dropped reads what was dropped: an archive, a folder, or some files. Folders nobody wants are not even opened. */
export async function dropped(data: DataTransfer): Promise<Chosen | null> {
  // The list empties itself once the event is over.
  const items = [...data.items].filter((i) => i.kind === 'file')
  const entries = items.map((i) => i.webkitGetAsEntry()).filter((e) => e !== null)
  const single = items.length === 1 ? items[0]?.getAsFile() : null
  if (single && isArchive(single.name) && entries[0]?.isDirectory !== true) return archive(single)
  const found: Entry[] = []
  let ignored = 0
  const walk = async (entry: FileSystemEntry, path: string): Promise<void> => {
    if (entry.isFile) {
      found.push({ path: path + entry.name, file: await fileOf(entry as FileSystemFileEntry) })
    } else if (path !== '' && isIgnoredFolder(entry.name)) {
      ignored++
    } else {
      for (const child of await childrenOf(entry as FileSystemDirectoryEntry)) await walk(child, `${path}${entry.name}/`)
    }
  }
  for (const e of entries) await walk(e, '')
  return found.length > 0 ? { kind: 'folder', project: projectOf(found, ignored) } : null
}

/** picked reads what was chosen in a dialogue. */
export function picked(files: FileList): Chosen | null {
  const first = files[0]
  if (!first) return null
  if (files.length === 1 && isArchive(first.name) && !first.webkitRelativePath) return archive(first)
  return { kind: 'folder', project: projectOf([...files].map((file) => ({ path: file.webkitRelativePath || file.name, file }))) }
}

function archive(file: File): Chosen {
  return { kind: 'archive', archive: { name: file.name.replace(/\.(zip|tgz|tar\.gz)$/i, ''), file } }
}

const fileOf = (entry: FileSystemFileEntry) => new Promise<File>((resolve, reject) => entry.file(resolve, reject))

/** childrenOf asks until there are no more: a browser gives a hundred at a time. */
async function childrenOf(folder: FileSystemDirectoryEntry): Promise<FileSystemEntry[]> {
  const reader = folder.createReader()
  const all: FileSystemEntry[] = []
  for (;;) {
    const some = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject))
    if (some.length === 0) return all
    all.push(...some)
  }
}
