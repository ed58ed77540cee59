import { QueryClientProvider, type QueryClient } from '@tanstack/react-query'
import { useMemo, useState } from 'react'
import { Client } from '../api/client'
import { ClientProvider } from '../api/context'
import { newQueryClient } from '../api/queries'
import { SignIn } from '../auth/SignIn'
import { useAuthState, type Auth } from '../auth/token'
import { Page } from './Page'
import { Root } from './Root'
import { useTheme } from './theme'

/** useQueriesOf is a cache for each token: what one has read is not another's. */
function useQueriesOf(token: string | null): QueryClient {
  const [of, setOf] = useState(() => ({ token, queries: newQueryClient() }))
  if (of.token === token) return of.queries
  const next = { token, queries: newQueryClient() }
  setOf(next)
  return next.queries
}

/** App is the whole page. Whoever signs in again begins with nothing of what was read before. */
export function App({ auth }: { auth: Auth }) {
  const theme = useTheme()
  const state = useAuthState(auth)
  const token = auth.token()
  const client = useMemo(() => new Client({ base: '', token: auth.token, onUnauthorized: auth.refuse }), [auth])
  const queries = useQueriesOf(token)
  return (
    <Root theme={theme.theme}>
      {state === 'refused' ? (
        <SignIn auth={auth} />
      ) : (
        <QueryClientProvider client={queries}>
          <ClientProvider client={client}>
            <Page theme={theme} onSignOut={token === null ? null : auth.signOut} />
          </ClientProvider>
        </QueryClientProvider>
      )}
    </Root>
  )
}
