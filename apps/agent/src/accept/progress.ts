/** How far it is. `clipsLeft` are those of all passes still to come; `secondsAClip` null before the first is done. */
export type Far = { doing: string; clipsLeft: number; secondsAClip: number | null; minutesLeft: number }

/** Seconds until the end, as far as it can be known. */
export const secondsLeft = ({ clipsLeft, secondsAClip, minutesLeft }: Far): number | null =>
  secondsAClip === null ? null : clipsLeft * secondsAClip + minutesLeft * 60

export function lineOf(far: Far): string {
  const left = secondsLeft(far)
  if (left === null) return far.doing
  return `${far.doing}; about ${left < 90 ? `${Math.ceil(left)} s` : `${Math.round(left / 60)} min`} left`
}

type Out = { write(text: string): unknown; isTTY?: boolean }

const everyMs = 60_000

/** Tells a person: one line that changes where there is a terminal, a line a minute otherwise. `nowMs` never jumps. */
export function progressOn(out: Out, nowMs: () => number): { tell(far: Far): void; end(): void } {
  if (out.isTTY) return { tell: (far) => out.write(`\r\x1b[K${lineOf(far)}`), end: () => out.write('\r\x1b[K') }
  let toldAt = Number.NEGATIVE_INFINITY
  const tell = (far: Far) => {
    if (nowMs() - toldAt < everyMs) return
    toldAt = nowMs()
    out.write(`${lineOf(far)}\n`)
  }
  return { tell, end: () => {} }
}
