import { useState } from 'react'

/** useStored is useState that outlives the page. A value that cannot be read, or is not what `ok` wants, is the initial one. */
export function useStored<T>(key: string, initial: T, ok: (v: unknown) => v is T): [T, (v: T) => void] {
  const [value, setValue] = useState<T>(() => read(key, ok) ?? initial)
  const store = (v: T) => {
    setValue(v)
    try {
      localStorage.setItem(`previewd.${key}`, JSON.stringify(v))
    } catch {
      // Storage may be full or forbidden; the value lasts as long as the page.
    }
  }
  return [value, store]
}

function read<T>(key: string, ok: (v: unknown) => v is T): T | null {
  try {
    const value: unknown = JSON.parse(localStorage.getItem(`previewd.${key}`) ?? 'null')
    return ok(value) ? value : null
  } catch {
    return null
  }
}

export const isBoolean = (v: unknown): v is boolean => typeof v === 'boolean'
export const oneOf =
  <T extends string>(...words: readonly T[]) =>
  (v: unknown): v is T =>
    words.includes(v as T)
