/** What no project is uploaded with: what is installed or built again anyway, and what belongs to the machine it comes from. */
const FOLDERS = new Set([
  'node_modules',
  '.git',
  '.hg',
  '.svn',
  '.venv',
  'venv',
  '__pycache__',
  '.pytest_cache',
  '.mypy_cache',
  '.ruff_cache',
  '.tox',
  '.next',
  '.nuxt',
  '.svelte-kit',
  '.turbo',
  '.parcel-cache',
  '.cache',
  '.idea',
])
const FILES = new Set(['.DS_Store', 'Thumbs.db'])

export const isIgnoredFolder = (name: string): boolean => FOLDERS.has(name)

/** isIgnored says of a path whether it, or a folder it is in, is left out. */
export function isIgnored(path: string): boolean {
  const parts = path.split('/')
  const name = parts.pop() ?? ''
  return FILES.has(name) || parts.some(isIgnoredFolder)
}
