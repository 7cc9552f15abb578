import type { Acceptance, Speed } from './report'

/** The report as a person reads it. */
export function wordsOf(report: Acceptance): string {
  const { build, engine, device, clips, hot, residentBytes, throttling } = report
  const lines: [string, string][] = [
    ['Build', `${build.label ?? build.id}${build.demo ? ', a demo: it says nothing of real models' : ''}`],
    ['Engine', `${engine.name} ${engine.version}${engine.commit ? `, commit ${engine.commit}` : ''}`],
    ['Board', device.board?.model ?? unreadable(report, 'board')],
    ['Clips', `${clips.count}, set ${clips.sha256.slice(0, 12)}`],
    ...report.errors.map(({ language, rate, errors, said, counted, clips }): [string, string] => [
      `Errors, ${language}`,
      `${percent(rate)} (${errors} of ${said} ${counted}, ${clips} clips)`,
    ]),
    ['Cold', speed(report.cold)],
    ['Hot', hot ? `${speed(hot)}; after ${hot.afterMinutes} min of work` : 'not measured'],
    [
      'Memory',
      residentBytes === undefined ? 'of the engine: unreadable' : `${mebibytes(residentBytes)} held by the engine`,
    ],
    ['Temperature', temperature(report)],
    ['Throttling', throttling ? throttling.seen.join(', ') || 'none seen' : unreadable(report, 'throttling')],
    ...report.silence.map(({ sound, seconds, inventedWords }): [string, string] => [
      sound === 'silence' ? 'Silence' : 'Faint noise',
      `${inventedWords} words invented in ${seconds} s`,
    ]),
  ]
  return lines.map(([name, words]) => `${name.padEnd(14)}${words}\n`).join('')
}

const speed = ({ realTimeFactor, promptPerSecond, generationPerSecond, waitedSeconds }: Speed) =>
  [
    `${realTimeFactor} s of work for a second of sound`,
    promptPerSecond && `${promptPerSecond} tokens/s read`,
    generationPerSecond && `${generationPerSecond} tokens/s written`,
    waitedSeconds >= 1 && `${waitedSeconds} s of it spent behind others`,
  ]
    .filter(Boolean)
    .join(', ')

function temperature(report: Acceptance): string {
  if (!report.temperature) return unreadable(report, 'thermal')
  const { beforeC, afterC, hottestC } = report.temperature
  return `${beforeC} °C before, ${afterC} °C after, at most ${hottestC} °C`
}

function unreadable({ unreadable }: Acceptance, fact: string): string {
  const why = unreadable.find((one) => one.fact === fact)
  return why ? `unreadable (${why.detail})` : 'unreadable'
}

const percent = (share: number) => `${Number((share * 100).toFixed(1))} %`
const mebibytes = (bytes: number) => `${Math.round(bytes / 1024 ** 2)} MiB`
