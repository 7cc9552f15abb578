import { HostError, type Measurement, type Measurements } from '../host/host'

const all: Measurement[] = ['memory-bandwidth', 'read-speed']

/**
 * Tries every `everyMs` to measure what a busy host put off. Tells once everything is measured that can be, unless that
 * was so from the start, and then ends; the returned function ends it before.
 */
export function measureLater(host: Measurements, onMeasured: () => void, everyMs = 3_600_000): () => void {
  let wasPutOff = false
  let timer: NodeJS.Timeout | undefined
  let isStopped = false
  const attempt = async () => {
    const isPutOff = (await Promise.all(all.map((what) => putOff(host, what)))).includes(true)
    if (isStopped) return
    if (isPutOff) timer = setTimeout(attempt, everyMs)
    else if (wasPutOff) onMeasured()
    wasPutOff = isPutOff
  }
  void attempt()
  return () => {
    isStopped = true
    clearTimeout(timer)
  }
}

/** Whether it may succeed another time. What is remembered costs nothing to ask for. */
const putOff = (host: Measurements, what: Measurement) =>
  host.measured(what).then(
    () => false,
    (error) => error instanceof HostError && (error.code === 'failed' || error.code === 'timed-out'),
  )
