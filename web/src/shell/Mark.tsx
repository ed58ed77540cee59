/** The mark of previewd. */
export function Mark({ size = 20 }: { size?: number }) {
  return (
    <svg width={size} height={size} viewBox="0 0 20 20" aria-hidden>
      <rect width="20" height="20" rx="5" fill="#4f5dff" />
      <path d="M6 5.5h5a3.5 3.5 0 0 1 0 7H8.4v2.6H6z" fill="#fff" />
    </svg>
  )
}
