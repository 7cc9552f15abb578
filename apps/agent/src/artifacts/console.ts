import type { Progress } from '@tradewind/artifacts/progress'
import { ArtifactError, troubleWords } from '@tradewind/artifacts/trouble'
import { barOf, progressWords } from './words'

const lineMs = 5_000

/** What a command says: lines for people, or with `--json` one document a line. */
export class Console {
  #lastLineMs = 0
  #hasBar = false

  constructor(private isJson: boolean) {}

  say(words: string, event: Record<string, unknown> & { event: string }) {
    this.#endBar()
    process.stdout.write(this.isJson ? `${JSON.stringify(event)}\n` : words)
  }

  /** A bar where a person looks on; else a line now and then. */
  progress = (progress: Progress) => {
    if (process.stderr.isTTY && !this.isJson) {
      this.#hasBar = true
      process.stderr.write(`\r\x1b[K${barOf(progress)} ${progressWords(progress)}`)
      return
    }
    const nowMs = performance.now()
    if (nowMs - this.#lastLineMs < lineMs && progress.doneBytes < progress.totalBytes) return
    this.#lastLineMs = nowMs
    this.say(`${progressWords(progress)}\n`, { event: 'progress', ...progress })
  }

  #endBar() {
    if (this.#hasBar) process.stderr.write('\n')
    this.#hasBar = false
  }

  /**
   * Runs a command until it is through or a person stops it. What may be expected to fail is told with its code and what to
   * do next, and the exit code is 1.
   */
  async run(action: (signal: AbortSignal) => Promise<void>) {
    const stopping = new AbortController()
    const stop = () => stopping.abort()
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, stop)
    try {
      await action(stopping.signal)
    } catch (error) {
      if (!(error instanceof ArtifactError)) throw error
      this.#tell(error)
    } finally {
      for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, stop)
    }
  }

  #tell({ trouble }: ArtifactError) {
    const { says, next } = troubleWords(trouble)
    this.#endBar()
    if (this.isJson) process.stdout.write(`${JSON.stringify({ event: 'error', ...trouble, says, next })}\n`)
    process.stderr.write(`error ${trouble.code}: ${says}\n  ${next}\n`)
    process.exitCode = 1
  }
}
