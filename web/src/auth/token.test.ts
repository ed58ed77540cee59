import { describe, expect, it } from 'vitest'
import { Auth, tokenIn, withoutToken } from './token'

function memory(initial: Record<string, string> = {}) {
  const data = new Map(Object.entries(initial))
  return {
    getItem: (k: string) => data.get(k) ?? null,
    setItem: (k: string, v: string) => void data.set(k, v),
    removeItem: (k: string) => void data.delete(k),
  }
}

describe('Auth', () => {
  it('takes the token out of the address and keeps it', () => {
    const storage = memory()
    const replaced: string[] = []
    const auth = new Auth(storage, { hash: '#token=a.b-c_d', replace: (h) => replaced.push(h) })
    expect(auth.token()).toBe('a.b-c_d')
    expect(replaced).toEqual([''])
    expect(new Auth(storage, { hash: '', replace: () => expect.unreachable() }).token()).toBe('a.b-c_d')
  })

  it('leaves the rest of the address as it was', () => {
    expect(tokenIn('#line=5&token=x')).toBe('x')
    expect(withoutToken('#line=5&token=x')).toBe('#line=5')
    expect(tokenIn('#line=5')).toBeNull()
  })

  it('does without storage', () => {
    const broken = {
      getItem: (): string | null => {
        throw new Error('forbidden')
      },
      setItem: () => {
        throw new Error('forbidden')
      },
      removeItem: () => {
        throw new Error('forbidden')
      },
    }
    const auth = new Auth(broken, { hash: '#token=x', replace: () => undefined })
    expect(auth.token()).toBe('x')
    auth.signOut()
    expect(auth.token()).toBeNull()
  })

  it('tells when it was refused and when somebody signed in', () => {
    const auth = new Auth(memory({ 'previewd.token': 'old' }), { hash: '', replace: () => undefined })
    const states: string[] = []
    auth.subscribe(() => states.push(auth.snapshot()))
    auth.refuse()
    auth.signIn('new')
    expect(states).toEqual(['refused', 'unknown'])
    expect(auth.token()).toBe('new')
  })
})
