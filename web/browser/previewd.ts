import { execFile, execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'

const ROOT = join(import.meta.dirname, '../..')
const SECRET = 'a-secret-for-the-browser-tests-and-nothing-else'

/** A previewd of the tests' own, with a private database. Its instances outlive a restart, and are ended with the tests. */
export class Previewd {
  private process: ChildProcess | null = null
  private readonly dir = mkdtempSync(join(tmpdir(), 'previewd-browser-'))
  private readonly program = join(this.dir, 'previewd')
  private said = ''

  private constructor(
    readonly port: number,
    private readonly hostOrigin: string,
  ) {
    chmodSync(this.dir, 0o755) // the database runs as another user
  }

  static async start(hostOrigin: string): Promise<Previewd> {
    const p = new Previewd(await freePort(), hostOrigin)
    execFileSync('go', ['build', '-o', p.program, '.'], { cwd: ROOT, stdio: 'inherit' })
    await p.up()
    return p
  }

  /** The page is below the domain of the previews, so that they are of its site. */
  get origin(): string {
    return `http://preview.localhost:${this.port}`
  }

  get api(): string {
    return `http://127.0.0.1:${this.port}`
  }

  async token(user = 'alice'): Promise<string> {
    const { stdout } = await promisify(execFile)(this.program, ['token', '--sub', user], { env: this.environ() })
    return stdout.trim()
  }

  async up(): Promise<void> {
    const child = spawn(this.program, ['serve'], { env: this.environ(), stdio: ['ignore', 'ignore', 'pipe'] })
    child.stderr.on('data', (text: Buffer) => (this.said += text.toString()))
    this.process = child
    await until('previewd is ready', async () => {
      if (child.exitCode !== null) throw new Error(`previewd ended:\n${this.said}`)
      return (await fetch(`${this.api}/readyz`).catch(() => null))?.ok === true
    })
  }

  async down(): Promise<void> {
    const child = this.process
    this.process = null
    if (!child || child.exitCode !== null) return
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGTERM')
    await ended
  }

  async call(method: string, path: string, body?: unknown): Promise<unknown> {
    const response = await fetch(`${this.api}/api/v1${path}`, {
      method,
      headers: { Authorization: `Bearer ${await this.token()}`, 'Content-Type': 'application/json' },
      body: body === undefined ? null : JSON.stringify(body),
    })
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`)
    return response.status === 204 ? null : response.json()
  }

  /** end removes every project, and so every instance, before the service goes. */
  async end(): Promise<void> {
    if (this.process) {
      const { generations } = (await this.call('GET', '/generations')) as { generations: { id: string }[] }
      await Promise.all(generations.map((g) => this.call('DELETE', `/generations/${g.id}`)))
    }
    await this.down()
    rmSync(this.dir, { recursive: true, force: true })
  }

  private environ(): NodeJS.ProcessEnv {
    const ours = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('PREVIEW_') || name === 'PREVIEW_CA_BUNDLE'))
    return {
      ...ours,
      PREVIEW_LISTEN_ADDR: `127.0.0.1:${this.port}`,
      PREVIEW_DATA_DIR: join(this.dir, 'data'),
      PREVIEW_JWT_SECRET: SECRET,
      PREVIEW_PORT_MIN: '24001',
      PREVIEW_PORT_MAX: '24020',
      PREVIEW_RATE_LAUNCH: '0',
      PREVIEW_RATE_STATUS: '0',
      PREVIEW_LOG_LINE_RATE: '0',
      PREVIEW_LOG_BYTE_RATE: '0',
      PREVIEW_INSTALL_TIMEOUT: '600',
      PREVIEW_ON_SHUTDOWN: 'keep',
      PREVIEW_CORS_ORIGINS: this.hostOrigin,
      PREVIEW_LOG_LEVEL: 'warn',
    }
  }
}

export async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (typeof address !== 'object' || address === null) throw new Error('no port')
  return address.port
}

/** until polls a condition, for at most a minute. */
export async function until(what: string, holds: () => Promise<boolean>, within = 60_000): Promise<void> {
  for (const end = Date.now() + within; Date.now() < end; ) {
    if (await holds()) return
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  throw new Error(`never: ${what}`)
}
