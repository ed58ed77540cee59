import { ClockPlus, Copy, ExternalLink, RotateCw, Settings2, Share2, Square, Trash2 } from 'lucide-react'
import { useActions } from '../api/actions'
import { useClient } from '../api/context'
import type { Preview } from '../api/types'
import { openInTab } from '../preview/open'
import { copyText } from '../ui/Copy'
import { MenuItem, MenuLine } from '../ui/Menu'
import type { OpenDialog } from './ProjectDialogs'

interface Props {
  id: string
  preview: Preview | null
  open: (d: OpenDialog) => void
}

/** ProjectMenu is what can be done with a project, wherever it is shown. */
export function ProjectMenu({ id, preview, open }: Props) {
  const client = useClient()
  const { launch, stop, extend } = useActions(id)
  const running = preview?.status === 'running'
  const active = running || preview?.status === 'starting'
  return (
    <>
      <MenuItem icon={<RotateCw />} onSelect={() => launch.mutate({ project_id: preview?.project_id ?? id })}>
        {preview ? 'Relaunch' : 'Launch'}
      </MenuItem>
      <MenuItem icon={<Settings2 />} onSelect={() => open('relaunch')}>
        Relaunch with settings…
      </MenuItem>
      <MenuItem icon={<ClockPlus />} disabled={!running} onSelect={() => extend.mutate()}>
        Extend
      </MenuItem>
      <MenuItem icon={<Square />} disabled={!active} onSelect={() => stop.mutate()}>
        Stop
      </MenuItem>
      <MenuLine />
      <MenuItem icon={<ExternalLink />} disabled={!running} onSelect={() => preview && void openInTab(client, preview)}>
        Open in a new tab
      </MenuItem>
      <MenuItem icon={<Copy />} disabled={!running} onSelect={() => void copyText(preview?.preview_url ?? '')}>
        Copy URL
      </MenuItem>
      <MenuItem icon={<Share2 />} disabled={!running} onSelect={() => open('share')}>
        Share…
      </MenuItem>
      <MenuLine />
      <MenuItem icon={<Trash2 />} danger onSelect={() => open('delete')}>
        Delete…
      </MenuItem>
    </>
  )
}
