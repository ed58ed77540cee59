import { Check, Copy as CopyIcon } from 'lucide-react'
import { useEffect, useState, type ReactNode } from 'react'
import { Button, IconButton } from './Button'

function useCopied(): [boolean, (text: string) => void] {
  const [copied, setCopied] = useState(false)
  useEffect(() => {
    if (!copied) return
    const timer = setTimeout(() => setCopied(false), 1600)
    return () => clearTimeout(timer)
  }, [copied])
  return [copied, (text) => void copyText(text).then(setCopied)]
}

/** copyText answers whether it worked: only a secure page has the clipboard's own way. */
export async function copyText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text)
    return true
  } catch {
    return copyOldWay(text)
  }
}

function copyOldWay(text: string): boolean {
  const area = document.createElement('textarea')
  area.value = text
  area.style.position = 'fixed'
  area.style.opacity = '0'
  const parent = document.querySelector('dialog[open]') ?? document.body
  parent.append(area)
  area.select()
  const done = document.execCommand('copy')
  area.remove()
  return done
}

export function CopyIconButton({ text, label }: { text: string | (() => string); label: string }) {
  const [copied, copy] = useCopied()
  return (
    <IconButton label={copied ? 'Copied' : label} onClick={() => copy(typeof text === 'string' ? text : text())}>
      {copied ? <Check /> : <CopyIcon />}
    </IconButton>
  )
}

interface Props {
  text: string | (() => string)
  children: ReactNode
  kind?: 'plain' | 'primary' | 'quiet'
}

export function CopyButton({ text, children, kind = 'plain' }: Props) {
  const [copied, copy] = useCopied()
  return (
    <Button kind={kind} icon={copied ? <Check /> : <CopyIcon />} onClick={() => copy(typeof text === 'string' ? text : text())}>
      {copied ? 'Copied' : children}
    </Button>
  )
}
