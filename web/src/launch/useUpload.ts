import { useMutation, useQueryClient } from '@tanstack/react-query'
import { useState } from 'react'
import { noteLaunch } from '../api/actions'
import { useClient } from '../api/context'
import { keys } from '../api/queries'
import type { LaunchRequest } from '../api/types'
import { upload } from '../api/upload'
import { contentTypeOf, type Chosen } from './drop'
import { pack } from './pack'

export interface Step {
  name: 'packing' | 'uploading' | 'launching'
  share: number
}

interface Job {
  generation: string
  chosen: Chosen
  launch: LaunchRequest
  signal: AbortSignal
}

/** useUpload packs, uploads and launches a project, and tells how far it is. */
export function useUpload(done: (generation: string) => void) {
  const client = useClient()
  const queries = useQueryClient()
  const [step, setStep] = useState<Step | null>(null)
  const job = useMutation({
    mutationFn: async ({ generation, chosen, launch, signal }: Job) => {
      const content = await contentOf(chosen, (share) => setStep({ name: 'packing', share }), signal)
      setStep({ name: 'uploading', share: 0 })
      await upload(client.http, {
        generation,
        project: launch.project_id,
        ...content,
        onProgress: (share) => setStep({ name: 'uploading', share }),
        signal,
      })
      setStep({ name: 'launching', share: 1 })
      return client.launch(generation, launch)
    },
    onSuccess: (launched) => {
      noteLaunch(queries, launched)
      done(launched.generation_id)
    },
    onSettled: () => {
      setStep(null)
      return Promise.all([keys.previews, keys.generations, ['status']].map((queryKey) => queries.invalidateQueries({ queryKey })))
    },
  })
  return { job, step }
}

async function contentOf(chosen: Chosen, onProgress: (share: number) => void, signal: AbortSignal) {
  if (chosen.kind === 'archive') return { content: chosen.archive.file, contentType: contentTypeOf(chosen.archive.file.name) }
  onProgress(0)
  const zip = await pack(chosen.project.entries, onProgress, signal)
  return { content: new Blob([zip as BlobPart]), contentType: 'application/zip' }
}
