import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { useClient } from '../api/context'
import { keys } from '../api/queries'
import { Button } from '../ui/Button'
import { CopyButton } from '../ui/Copy'
import { Dialog } from '../ui/Dialog'
import { Notice } from '../ui/Notice'
import { Segments } from '../ui/Segments'
import css from './ShareDialog.module.css'

const TIMES = [
  { value: '900', label: '15 min' },
  { value: '3600', label: '1 hour' },
  { value: '28800', label: '8 hours' },
] as const

type Time = (typeof TIMES)[number]['value']

/** ShareDialog makes a link that opens one preview for a while, for somebody without an account. */
export function ShareDialog({ id, onClose }: { id: string; onClose: () => void }) {
  const client = useClient()
  const [ttl, setTtl] = useState<Time>('3600')
  const queries = useQueryClient()
  const share = useMutation({ mutationFn: () => client.share(id, Number(ttl)) })
  const revoke = useMutation({
    mutationFn: () => client.revokeShares(id),
    onSuccess: () => {
      share.reset()
      return queries.invalidateQueries({ queryKey: keys.visits }) // this page looks at the app by a link, too
    },
  })
  return (
    <Dialog
      title="Share this preview"
      onClose={onClose}
      foot={
        share.data ? (
          <CopyButton kind="primary" text={share.data.url}>
            Copy the link
          </CopyButton>
        ) : (
          <Button kind="primary" busy={share.isPending} onClick={() => (revoke.reset(), share.mutate())}>
            Make a link
          </Button>
        )
      }
    >
      <div className={css.body}>
        <p>Whoever has the link sees this preview, and nothing else, until the link or the preview ends.</p>
        <Segments label="Valid for" value={ttl} options={TIMES} onChange={(v) => (setTtl(v), share.reset())} />
        {share.data && (
          <p className={css.link}>
            <code>{share.data.url}</code>
          </p>
        )}
        <Button busy={revoke.isPending} onClick={() => revoke.mutate()}>
          Take all links back
        </Button>
        {revoke.isSuccess && <p role="status">No link that was made before opens this preview any more.</p>}
        {(share.error ?? revoke.error) && <Notice error={share.error ?? revoke.error} />}
      </div>
    </Dialog>
  )
}
