import type { Problem, TrialReply, TrialWish } from '@tradewind/protocol'
import { CallFailed, isProblem, noAnswer } from '../live/call'

type Sending = {
  deviceId: string
  wish: TrialWish
  clip: Blob
  /** share of the clip that is on its way, 0 to 1 */
  onSent: (share: number) => void
  signal: AbortSignal
}

/**
 * Sends a clip to a device and waits for what it heard. Not by `fetch`, which does not tell how much of a body has gone.
 * Rejects with `CallFailed`; with the signal's reason when that aborts.
 */
export function sendClip({ deviceId, wish, clip, onSent, signal }: Sending): Promise<TrialReply> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    const failed = (problem: Problem) => reject(new CallFailed(problem))
    const { language, targetLanguage } = wish
    const query = new URLSearchParams({ language, ...(targetLanguage && { targetLanguage }) })
    request.open('POST', `/api/v1/devices/${deviceId}/try?${query}`)
    request.upload.onprogress = ({ loaded, total }) => onSent(total > 0 ? loaded / total : 1)
    request.upload.onload = () => onSent(1)
    request.onerror = () => failed(noAnswer)
    request.onload = () => {
      const answer = parse(request.responseText)
      if (request.status === 200 && answer !== null) resolve(answer as TrialReply)
      else failed(isProblem(answer) ? answer : noAnswer)
    }
    signal.addEventListener('abort', () => {
      request.abort()
      reject(signal.reason)
    })
    request.send(clip)
  })
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return null
  }
}
