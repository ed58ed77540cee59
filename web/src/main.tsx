import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import './styles/page.css'
import { Auth, type Address } from './auth/token'
import { App } from './shell/App'

const address = (): Address => ({
  hash: location.hash,
  replace: (hash) => history.replaceState(history.state, '', location.pathname + location.search + hash),
})

const root = document.getElementById('root')
if (root) {
  const auth = new Auth(localStorage, address())
  window.addEventListener('hashchange', () => auth.take(address()))
  createRoot(root).render(
    <StrictMode>
      <App auth={auth} />
    </StrictMode>,
  )
}
