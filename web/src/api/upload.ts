import type { Http } from './http'
import { unreachable } from './problem'
import type { Upload } from './types'

export interface UploadOptions {
  generation: string
  project: string
  content: Blob
  contentType: string
  onProgress: (share: number) => void
  signal?: AbortSignal
}

/** upload stores a project. It is the one request whose progress matters, which fetch cannot tell. */
export function upload(http: Http, o: UploadOptions): Promise<Upload> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open('PUT', http.url(`/generations/${encodeURIComponent(o.generation)}`, { project_id: o.project }))
    for (const [name, value] of Object.entries(http.headers({ 'Content-Type': o.contentType }))) {
      request.setRequestHeader(name, value)
    }
    request.upload.onprogress = (e) => {
      if (e.lengthComputable) o.onProgress(e.loaded / e.total)
    }
    request.onload = () => {
      if (request.status < 300) resolve(JSON.parse(request.responseText) as Upload)
      else reject(http.refused(request.status, request.responseText, request.getResponseHeader('Retry-After')))
    }
    request.onerror = () => reject(unreachable('upload'))
    request.onabort = () => reject(new DOMException('The upload was cancelled.', 'AbortError'))
    o.signal?.addEventListener('abort', () => request.abort())
    request.send(o.content)
  })
}
