import { QueryClientProvider } from '@tanstack/react-query'
import { useEffect, useMemo, useState } from 'react'
import { Client } from '../api/client'
import { ClientProvider } from '../api/context'
import { newQueryClient } from '../api/queries'
import { Root } from '../shell/Root'
import { useSystemTheme } from '../shell/theme'
import { SourceContext } from '../workspace/source'
import { Workspace } from '../workspace/Workspace'

export interface PreviewTabProps {
  /** The generation whose preview is shown. */
  generationId: string
  /** Origin of previewd, such as `https://previewd.example.com`; the page's own where it is left out. */
  apiBase?: string
  /** A token of your identity provider's that previewd accepts, or a function that gives the one in force. */
  token: string | (() => string)
  /** The system's where it is left out. */
  theme?: 'light' | 'dark'
  /** The pane that has the whole room; null is all four. */
  pane?: 'preview' | 'logs' | 'endpoints' | 'status' | null
  /** Called when a place in the project's files is clicked. Without it the place is copied. */
  onOpenSource?: (file: string, line: number) => void
  /** Called when previewd refuses the token. */
  onUnauthorized?: () => void
}

/** PreviewTab is the preview of one generation, for a page of your own. It fills the element it is in. */
export function PreviewTab({ generationId, apiBase = '', token, theme, pane = null, onOpenSource, onUnauthorized }: PreviewTabProps) {
  const system = useSystemTheme()
  const [shown, setShown] = useState(pane)
  const [latest] = useState(() => new Latest(token, onUnauthorized))
  useEffect(() => latest.set(token, onUnauthorized))
  const client = useMemo(() => latest.client(apiBase), [latest, apiBase])
  const [queries] = useState(newQueryClient)
  return (
    <Root theme={theme ?? system}>
      <QueryClientProvider client={queries}>
        <ClientProvider client={client}>
          <SourceContext value={onOpenSource ?? null}>
            <Workspace key={generationId} generation={generationId} pane={shown} onPane={setShown} />
          </SourceContext>
        </ClientProvider>
      </QueryClientProvider>
    </Root>
  )
}

/** Latest is what the page around gave last. It is asked at each request, so that a token that was renewed is used at once. */
class Latest {
  constructor(
    private token: PreviewTabProps['token'],
    private onUnauthorized: PreviewTabProps['onUnauthorized'],
  ) {}

  set(token: PreviewTabProps['token'], onUnauthorized: PreviewTabProps['onUnauthorized']) {
    this.token = token
    this.onUnauthorized = onUnauthorized
  }

  client(apiBase: string): Client {
    return new Client({
      base: apiBase.replace(/\/$/, ''),
      token: () => (typeof this.token === 'function' ? this.token() : this.token),
      onUnauthorized: () => this.onUnauthorized?.(),
    })
  }
}
