import { createRoot } from 'react-dom/client'
import { PreviewTab } from 'previewd-web'
import 'previewd-web/style.css'

const query = new URLSearchParams(location.search)
const tab = document.getElementById('tab')
if (tab) {
  createRoot(tab).render(
    <PreviewTab generationId={query.get('generation') ?? ''} apiBase={query.get('api') ?? ''} token={location.hash.slice(1)} theme="light" />,
  )
}
