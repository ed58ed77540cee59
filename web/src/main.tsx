import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import './styles/page.css'
import { Auth } from './auth/token'
import { App } from './shell/App'

const root = document.getElementById('root')
if (root) {
  const auth = new Auth(localStorage, {
    hash: location.hash,
    replace: (hash) => history.replaceState(history.state, '', location.pathname + location.search + hash),
  })
  createRoot(root).render(
    <StrictMode>
      <App auth={auth} />
    </StrictMode>,
  )
}
