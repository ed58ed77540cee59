import { useState, type FormEvent } from 'react'
import { Button } from '../ui/Button'
import { Field } from '../ui/Field'
import { Mark } from '../shell/Mark'
import css from './SignIn.module.css'
import type { Auth } from './token'

/** SignIn takes a token. previewd verifies tokens and gives out none, so this is all there is to it. */
export function SignIn({ auth }: { auth: Auth }) {
  const [token, setToken] = useState('')
  const submit = (e: FormEvent) => {
    e.preventDefault()
    if (token.trim()) auth.signIn(token.trim())
  }
  return (
    <main className={css.page}>
      <form className={css.card} onSubmit={submit}>
        <Mark size={28} />
        <h1>Sign in to previewd</h1>
        <p>
          {auth.token() === null ? 'This previewd asks for a token.' : 'The token was refused: it may have expired.'} On the machine that
          runs it, <code>previewd token</code> makes one.
        </p>
        <Field
          label="Token"
          type="password"
          mono
          autoFocus
          autoComplete="off"
          placeholder="eyJhbGciOi…"
          value={token}
          onChange={(e) => setToken(e.target.value)}
        />
        <Button kind="primary" type="submit" disabled={!token.trim()}>
          Continue
        </Button>
      </form>
    </main>
  )
}
