import { expect, it } from 'vitest'
import type { PreviewStatus } from '../api/types'
import { forAgent } from './agent'

it('tells an agent all there is to know', () => {
  const status = {
    generation_id: 'notes',
    reason: 'APP_EXITED',
    message: 'The app ended with exit code 1.',
    hint: 'Fix the error.',
    exit_code: 1,
    command: 'node server.js',
    runtime: 'node',
    framework: '',
    evidence: { last_lines: ['Error: ```', '  at x'], memory_peak: 0 },
  } as unknown as PreviewStatus
  expect(forAgent(status)).toBe(`The preview of "notes" failed. Find the cause and fix it.

- Reason: APP_EXITED
- What happened: The app ended with exit code 1.
- Hint: Fix the error.
- Exit code: 1
- Start command: node server.js
- Runtime: node

Last lines of its log:

\`\`\`\`
Error: \`\`\`
  at x
\`\`\`\`
`)
})
