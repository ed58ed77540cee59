import { useSyncExternalStore } from 'react'

const KEY = 'previewd.token'

/** Who is signed in, as far as the page knows: `unknown` until the first answer, for a previewd may ask for no token at all. */
export type AuthState = 'unknown' | 'refused'

/** The part of the page's address after #, and how it is replaced. */
export interface Address {
  hash: string
  replace: (hash: string) => void
}

/**
 * Auth keeps the token. An address with #token=… brings one along: the part after # is never sent anywhere, and it is taken out of
 * the address before anything else happens.
 */
export class Auth {
  private state: AuthState = 'unknown'
  private value: string | null
  private listeners = new Set<() => void>()

  constructor(
    private readonly storage: Pick<Storage, 'getItem' | 'setItem' | 'removeItem'>,
    address: Address,
  ) {
    this.value = this.kept()
    this.take(address)
  }

  /** take signs in with the token of an address, if it has one. */
  take(address: Address) {
    const brought = tokenIn(address.hash)
    if (brought === null) return
    address.replace(withoutToken(address.hash))
    this.signIn(brought)
  }

  token = () => this.value

  snapshot = () => this.state

  subscribe = (listener: () => void) => {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  signIn(token: string) {
    this.value = token
    this.keep(token)
    this.become('unknown')
  }

  signOut = () => {
    this.value = null
    try {
      this.storage.removeItem(KEY)
    } catch {
      // then it was never kept
    }
    this.become('refused')
  }

  refuse = () => this.become('refused')

  private become(state: AuthState) {
    this.state = state
    for (const l of this.listeners) l()
  }

  private kept(): string | null {
    try {
      return this.storage.getItem(KEY)
    } catch {
      return null
    }
  }

  private keep(token: string) {
    try {
      this.storage.setItem(KEY, token)
    } catch {
      // It lasts as long as the page.
    }
  }
}

export function tokenIn(hash: string): string | null {
  return new URLSearchParams(hash.replace(/^#/, '')).get('token')
}

export function withoutToken(hash: string): string {
  const params = new URLSearchParams(hash.replace(/^#/, ''))
  params.delete('token')
  return params.size ? `#${params}` : ''
}

export const useAuthState = (auth: Auth) => useSyncExternalStore(auth.subscribe, auth.snapshot)
