import type { ReactNode } from 'react'
import { Group, Panel, Separator, useDefaultLayout } from 'react-resizable-panels'
import css from './Split.module.css'

interface Part {
  id: string
  size?: string
  min: string
  content: ReactNode
}

interface Props {
  id: string
  orientation: 'horizontal' | 'vertical'
  parts: [Part, Part]
  label: string
}

const sizeOf = (p: Part) => (p.size === undefined ? {} : { defaultSize: p.size })

/** Split divides its room between two parts, and remembers how. */
export function Split({ id, orientation, parts, label }: Props) {
  const layout = useDefaultLayout({ id: `previewd.${id}`, onlySaveAfterUserInteractions: true })
  const [first, second] = parts
  return (
    <Group orientation={orientation} className={css.group} {...layout}>
      <Panel id={first.id} minSize={first.min} {...sizeOf(first)}>
        {first.content}
      </Panel>
      <Separator className={orientation === 'horizontal' ? css.upright : css.level} aria-label={label} />
      <Panel id={second.id} minSize={second.min} {...sizeOf(second)}>
        {second.content}
      </Panel>
    </Group>
  )
}
