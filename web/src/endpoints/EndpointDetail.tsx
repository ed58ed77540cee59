import { ArrowLeft, FileCode, Send } from 'lucide-react'
import { useState } from 'react'
import type { Endpoint } from '../api/endpoints'
import type { PreviewStatus } from '../api/types'
import { useOpenSource } from '../workspace/source'
import { Button, IconButton } from '../ui/Button'
import { CopyButton } from '../ui/Copy'
import { Notice } from '../ui/Notice'
import { curlOf } from './curl'
import { draftOf, problemOf } from './draft'
import css from './EndpointDetail.module.css'
import type { Choice } from './EndpointsPane'
import { keyOf } from './group'
import type { Sent } from './history'
import { RequestForm } from './RequestForm'
import { Response } from './Response'
import { useSend } from './useSend'

interface Props {
  choice: Choice
  editable: boolean
  status: PreviewStatus
  onSent: (h: Sent[]) => void
  onClose: () => void
}

/** EndpointDetail tells what is known of an endpoint and lets it be tried. */
export function EndpointDetail({ choice, editable, status, onSent, onClose }: Props) {
  const { endpoint } = choice
  const [draft, setDraft] = useState(() => choice.draft ?? draftOf(endpoint))
  const send = useSend(status, keyOf(endpoint), onSent)
  const problem = problemOf(draft)
  const running = status.status === 'running'
  const submit = () => {
    if (running && problem === null && !send.isPending) send.mutate(draft)
  }
  return (
    <>
      <div className={css.head}>
        <IconButton label="Back to the list" onClick={onClose}>
          <ArrowLeft />
        </IconButton>
        <p className={css.title}>{endpoint.summary || endpoint.name || (editable ? 'Any request' : endpoint.path)}</p>
        <Source endpoint={endpoint} />
      </div>
      <div className={css.scroll} tabIndex={0} role="region" aria-label="Request">
        {endpoint.description && endpoint.description !== endpoint.summary && <p className={css.about}>{endpoint.description}</p>}
        <RequestForm draft={draft} parameters={endpoint.parameters} editable={editable} onChange={setDraft} onSubmit={submit} />
        <div className={css.actions}>
          <Button kind="primary" icon={<Send />} busy={send.isPending} disabled={!running || problem !== null} onClick={submit}>
            Send
          </Button>
          <CopyButton kind="quiet" text={() => curlOf(draft, status.base_url || 'http://127.0.0.1')}>
            Copy as curl
          </CopyButton>
          <span className={css.why}>{running ? problem : 'It can be sent while the preview runs.'}</span>
        </div>
        {send.error && <Notice error={send.error} />}
        {send.data && <Response answer={send.data} />}
      </div>
    </>
  )
}

function Source({ endpoint }: { endpoint: Endpoint }) {
  const open = useOpenSource()
  if (!endpoint.source) return null
  const { file, line } = endpoint.source
  return (
    <button type="button" className={css.source} title={open.hint} onClick={() => open.run(file, line)}>
      <FileCode aria-hidden />
      {line ? `${file}:${line}` : file}
    </button>
  )
}
