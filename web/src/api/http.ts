import { problemOf, unreachable } from './problem'

export interface HttpOptions {
  /** Origin of previewd, without a slash at its end; '' is the page's own. */
  base: string
  token: () => string | null
  /** Called when an answer is 401 for the token itself. */
  onUnauthorized?: () => void
}

export interface Call {
  method?: string
  query?: Record<string, string | number | boolean | undefined>
  body?: unknown
  headers?: Record<string, string>
  signal?: AbortSignal
}

export class Http {
  constructor(private readonly options: HttpOptions) {}

  url(path: string, query: Call['query'] = {}): string {
    const search = new URLSearchParams()
    for (const [name, value] of Object.entries(query)) {
      if (value !== undefined && value !== '') search.set(name, String(value))
    }
    return `${this.options.base}/api/v1${path}${search.size ? `?${search}` : ''}`
  }

  headers(more: Record<string, string> = {}): Record<string, string> {
    const token = this.options.token()
    return token ? { ...more, Authorization: `Bearer ${token}` } : more
  }

  /** send answers the response when it is a success; everything else is an ApiError. */
  async send(path: string, call: Call = {}): Promise<Response> {
    const headers = this.headers(call.headers)
    if (call.body !== undefined) headers['Content-Type'] = 'application/json'
    const response = await fetch(this.url(path, call.query), {
      method: call.method ?? 'GET',
      headers,
      body: call.body === undefined ? null : JSON.stringify(call.body),
      signal: call.signal ?? null,
      credentials: 'same-origin',
    }).catch((cause: unknown) => {
      throw call.signal?.aborted ? cause : unreachable(cause)
    })
    if (response.ok) return response
    throw this.refused(response.status, await response.text(), response.headers.get('Retry-After'))
  }

  async json<T>(path: string, call: Call = {}): Promise<T> {
    const response = await this.send(path, call)
    return (await response.json()) as T
  }

  refused(status: number, body: string, retryAfter: string | null = null) {
    const problem = problemOf(status, body, Number(retryAfter ?? 0) || 0)
    if (status === 401 && problem.code !== 'INVALID_SESSION_TOKEN') this.options.onUnauthorized?.()
    return problem
  }
}
