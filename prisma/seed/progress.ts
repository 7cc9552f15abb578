/** One line that says what is being done, where somebody looks at it. */
export class Progress {
  #beganMs = Date.now()
  #saidMs = 0
  #what = ''

  /** `share` of it that is done, from 0 to 1. */
  say(what: string, share?: number) {
    const nowMs = performance.now()
    if (what === this.#what && nowMs - this.#saidMs < 200) return
    if (what !== this.#what && !process.stderr.isTTY) process.stderr.write(`${what} …\n`)
    this.#what = what
    this.#saidMs = nowMs
    const percent = share === undefined ? '' : ` ${Math.round(share * 100)} %`
    if (process.stderr.isTTY) process.stderr.write(`\r\u001b[K${what}${percent}`)
  }

  end() {
    if (process.stderr.isTTY) process.stderr.write('\r\u001b[K')
  }

  get seconds() {
    return Math.round((Date.now() - this.#beganMs) / 100) / 10
  }
}
