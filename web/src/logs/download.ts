import type { Client } from '../api/client'

/** download saves a log as a file. The token goes in a header, which a plain link could not send. */
export async function download(client: Client, generation: string, query: Record<string, string | boolean>) {
  const response = await client.exportLogs(generation, query)
  const name = /filename="([^"]+)"/.exec(response.headers.get('Content-Disposition') ?? '')?.[1] ?? `${generation}.log`
  const link = document.createElement('a')
  link.href = URL.createObjectURL(await response.blob())
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(link.href), 10_000)
}
