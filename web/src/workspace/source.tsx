import { createContext, use } from 'react'
import { copyText } from '../ui/Copy'

export type OpenSource = (file: string, line: number) => void

/** What a place in the files leads to. A product that shows the files sets it; without one the place is copied. */
export const SourceContext = createContext<OpenSource | null>(null)

export function useOpenSource(): { run: OpenSource; hint: string } {
  const open = use(SourceContext)
  return open ? { run: open, hint: 'Open the source' } : { run: (file, line) => void copyText(line ? `${file}:${line}` : file), hint: 'Copy the place' }
}
