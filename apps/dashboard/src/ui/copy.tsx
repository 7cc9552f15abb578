'use client'

import { Check, Copy } from 'lucide-react'
import { useEffect, useState } from 'react'
import { Button } from './button'
import { classes } from './classes'

export function CopyButton({ text, label = 'Copy' }: { text: string; label?: string }) {
  const [done, setDone] = useState<'copied' | 'failed' | null>(null)
  useEffect(() => {
    if (!done) return
    const timer = setTimeout(() => setDone(null), 2000)
    return () => clearTimeout(timer)
  }, [done])
  const copy = () =>
    navigator.clipboard.writeText(text).then(
      () => setDone('copied'),
      () => setDone('failed'),
    )
  const words = done === 'copied' ? 'Copied' : done === 'failed' ? 'Select and copy' : label
  return (
    <Button size="small" onClick={copy} aria-live="polite">
      {done === 'copied' ? <Check className="text-good" aria-hidden /> : <Copy aria-hidden />}
      {words}
    </Button>
  )
}

/** A command to run elsewhere, in one piece. */
export const Command = ({ text, className }: { text: string; className?: string }) => (
  <div
    className={classes(
      'flex w-full min-w-0 items-center gap-2 rounded-md border bg-raised p-1.5 pl-3 text-left text-text',
      className,
    )}
  >
    <code className="min-w-0 flex-1 overflow-x-auto whitespace-pre py-1 font-mono text-[13px]">{text}</code>
    <CopyButton text={text} />
  </div>
)
