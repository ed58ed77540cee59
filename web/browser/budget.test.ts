import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { expect, it } from 'vitest'

const BUILT = join(import.meta.dirname, '../dist/app')
const files = readdirSync(BUILT, { recursive: true, encoding: 'utf8' }).filter((f) => /\.(js|css|html|svg)$/.test(f))
const read = (f: string) => readFileSync(join(BUILT, f), 'utf8')

it('is at most 350 KB gzipped, all of it', () => {
  const bytes = files.reduce((sum, f) => sum + gzipSync(read(f), { level: 9 }).length, 0)
  console.log(`bundle: ${Math.round(bytes / 1024)} KB gzipped`)
  expect(bytes).toBeLessThan(350 * 1024)
})

it('is there compressed, too', () => {
  for (const f of files) expect(statSync(join(BUILT, `${f}.gz`)).size, f).toBeLessThan(statSync(join(BUILT, f)).size + 64)
})

it('has nothing inline, which the content policy would forbid', () => {
  const page = read('index.html')
  expect(page).not.toMatch(/<style|<script(?![^>]*\ssrc=)|\sstyle=|\son\w+=/)
  expect(page).toMatch(/src="\/assets\/index-[\w-]+\.js"/)
})
