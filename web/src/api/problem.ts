import type { Problem } from './types'

/** An answer of previewd that is an error, or none at all (status 0). */
export class ApiError extends Error {
  constructor(
    readonly status: number,
    readonly code: string,
    message: string,
    readonly requestId = '',
    readonly retryAfter = 0,
  ) {
    super(message)
    this.name = 'ApiError'
  }
}

/** problemOf reads an error's answer, whatever a proxy between may have made of it. */
export function problemOf(status: number, body: string, retryAfter = 0): ApiError {
  const p = parse(body)
  const text = p.detail ?? p.title ?? `The server answered ${status}.`
  return new ApiError(status, p.error_code ?? '', text, p.request_id ?? '', retryAfter)
}

function parse(body: string): Partial<Problem> {
  try {
    const value: unknown = JSON.parse(body)
    return typeof value === 'object' && value !== null ? value : {}
  } catch {
    return {}
  }
}

export function unreachable(cause: unknown): ApiError {
  const error = new ApiError(0, 'UNREACHABLE', 'previewd cannot be reached.')
  error.cause = cause
  return error
}

export const isNotFound = (error: unknown) => error instanceof ApiError && error.status === 404
