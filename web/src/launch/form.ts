import type { LaunchRequest } from '../api/types'

export interface Variable {
  name: string
  value: string
  secret: boolean
}

export interface LaunchForm {
  variables: Variable[]
  memory: string
  timeout: string
  command: string
}

export const emptyForm: LaunchForm = { variables: [], memory: '', timeout: '', command: '' }

/** idFrom makes an id that previewd takes out of any name. */
export function idFrom(name: string): string {
  const id = name
    .normalize('NFKD')
    .replace(/[\u0300-\u036f]/g, '')
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .replace(/^[-.]+|[-.]+$/g, '')
    .slice(0, 100)
  return id || 'project'
}

export const isId = (id: string): boolean => /^[A-Za-z0-9._-]{1,128}$/.test(id) && id !== '.' && id !== '..'

const NAME = /^[A-Za-z_][A-Za-z0-9_]{0,255}$/

/** problemOf says what is wrong with a variable; null when nothing is. */
export function problemOf(v: Variable, all: readonly Variable[]): string | null {
  if (v.name === '' && v.value === '') return null
  if (!NAME.test(v.name)) return 'A name has letters, digits and underscores, and begins with no digit.'
  if (v.name.startsWith('PREVIEWD_')) return 'Names that begin with PREVIEWD_ are reserved.'
  if (all.filter((o) => o.name === v.name).length > 1) return 'This name is there twice.'
  if (v.secret && v.value.length > 0 && new TextEncoder().encode(v.value).length < 4) return 'A secret has at least 4 bytes.'
  return null
}

export function requestOf(project: string, f: LaunchForm): LaunchRequest {
  const named = f.variables.filter((v) => v.name !== '')
  const pairs = (secret: boolean) => Object.fromEntries(named.filter((v) => v.secret === secret).map((v) => [v.name, v.value]))
  const body: LaunchRequest = { project_id: project }
  if (named.some((v) => !v.secret)) body.env = pairs(false)
  if (named.some((v) => v.secret)) body.secret_env = pairs(true)
  if (f.memory.trim()) body.memory_mb = Number(f.memory)
  if (f.timeout.trim()) body.timeout = Number(f.timeout)
  if (f.command.trim()) body.command = f.command.trim()
  return body
}

/** pasted reads lines such as `NAME=value`, as an .env file has them; null when the text is none. */
export function pasted(text: string): Variable[] | null {
  const lines = text.split(/\r?\n/).filter((l) => l.trim() && !l.trim().startsWith('#'))
  const variables: Variable[] = []
  for (const line of lines) {
    const match = /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=\s*(.*)$/.exec(line)
    if (!match) return null
    const name = match[1] ?? ''
    variables.push({ name, value: unquoted((match[2] ?? '').trim()), secret: looksSecret(name) })
  }
  return variables.length > 0 ? variables : null
}

export const looksSecret = (name: string): boolean => /SECRET|TOKEN|PASSWORD|PASSWD|API_?KEY|PRIVATE|CREDENTIAL/i.test(name)

function unquoted(value: string): string {
  const match = /^(["'])(.*)\1$/.exec(value)
  return match ? (match[2] ?? '') : value
}
