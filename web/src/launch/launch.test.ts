import { unzipSync, strFromU8 } from 'fflate'
import { describe, expect, it } from 'vitest'
import { isArchive } from './drop'
import { emptyForm, idFrom, isId, pasted, problemOf, requestOf, type Variable } from './form'
import { isIgnored } from './ignore'
import { pack, projectOf } from './pack'

const file = (path: string, text = 'x') => ({ path, file: new File([text], path.split('/').pop() ?? '') })
const variable = (name: string, value: string, secret = false): Variable => ({ name, value, secret })

describe('projectOf', () => {
  it('takes the folder off and leaves out what nobody wants', () => {
    const p = projectOf([file('my app/src/a.ts'), file('my app/node_modules/x/index.js'), file('my app/.git/HEAD'), file('my app/.DS_Store'), file('my app/.env')], 2)
    expect(p).toMatchObject({ name: 'my app', bytes: 2, ignored: 5 })
    expect(p.entries.map((e) => e.path)).toEqual(['src/a.ts', '.env'])
  })

  it('takes loose files as they are', () => {
    expect(projectOf([file('index.html'), file('a.css')]).entries.map((e) => e.path)).toEqual(['index.html', 'a.css'])
    expect(projectOf([file('index.html')]).name).toBe('project')
  })

  it('does not take a name for a folder', () => {
    expect(isIgnored('src/node_modules.ts')).toBe(false)
    expect(isIgnored('node_modules/a')).toBe(true)
    expect(isIgnored('a/__pycache__/b.pyc')).toBe(true)
  })
})

describe('pack', () => {
  it('makes a zip of all files', async () => {
    const shares: number[] = []
    const zip = await pack([file('a/b.txt', 'hello'), file('ü.txt', ''), file('big', 'z'.repeat(100_000))], (s) => shares.push(s))
    const back = unzipSync(zip)
    expect(Object.keys(back)).toEqual(['a/b.txt', 'ü.txt', 'big'])
    expect(strFromU8(back['a/b.txt'] ?? new Uint8Array())).toBe('hello')
    expect(zip.length).toBeLessThan(1000)
  })

  it('can be stopped', async () => {
    await expect(pack([file('a')], () => undefined, AbortSignal.abort())).rejects.toThrow('abort')
  })
})

describe('idFrom', () => {
  it('makes ids that previewd takes', () => {
    expect(idFrom('My Café app (2)')).toBe('My-Cafe-app-2')
    for (const name of ['..', '', '日本', 'a'.repeat(300), '-x-', '.env']) expect(isId(idFrom(name)), name).toBe(true)
  })

  it('knows which do not do', () => {
    for (const id of ['', '.', '..', 'a b', 'a/b', 'é', 'a'.repeat(129)]) expect(isId(id), id).toBe(false)
  })
})

describe('requestOf', () => {
  it('sends only what was filled in', () => {
    expect(requestOf('p', emptyForm)).toEqual({ project_id: 'p' })
  })

  it('keeps secrets apart', () => {
    const variables = [variable('MODE', 'dev'), variable('API_KEY', 'abcd', true), variable('', 'lost')]
    expect(requestOf('p', { variables, memory: '256', timeout: ' 60 ', command: ' npm start ' })).toEqual({
      project_id: 'p',
      env: { MODE: 'dev' },
      secret_env: { API_KEY: 'abcd' },
      memory_mb: 256,
      timeout: 60,
      command: 'npm start',
    })
  })
})

describe('problemOf', () => {
  it('says what previewd would say', () => {
    const ok = variable('A', '1')
    expect(problemOf(ok, [ok])).toBeNull()
    expect(problemOf(variable('1A', ''), [])).toMatch('digit')
    expect(problemOf(variable('PREVIEWD_X', ''), [])).toMatch('reserved')
    expect(problemOf(ok, [ok, variable('A', '2')])).toMatch('twice')
    expect(problemOf(variable('K', 'é', true), [])).toMatch('4 bytes')
    expect(problemOf(variable('', ''), [])).toBeNull()
  })
})

describe('pasted', () => {
  it('reads an .env file', () => {
    expect(pasted('# c\nexport A="x y"\nDB_PASSWORD=s\u00fcper\n\nEMPTY=\n')).toEqual([
      variable('A', 'x y'),
      variable('DB_PASSWORD', 's\u00fcper', true),
      variable('EMPTY', ''),
    ])
  })

  it('is not to be had by other text', () => {
    expect(pasted('hello world')).toBeNull()
    expect(pasted('')).toBeNull()
  })
})

it('knows archives by their names', () => {
  expect(['a.zip', 'a.TAR.GZ', 'a.tgz', 'a.rar', 'zip'].map(isArchive)).toEqual([true, true, true, false, false])
})
