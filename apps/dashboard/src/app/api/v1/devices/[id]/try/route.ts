import { gemma4, spokenLanguages } from '@tradewind/fleet'
import { mostClipBytes, type TrialWish } from '@tradewind/protocol'
import { endpoint } from '../../../../../../server/endpoint'
import { tryDevice } from '../../../../../../server/hub'
import { noSuch, ProblemError } from '../../../../../../server/problem'
import { store } from '../../../../../../server/store'

/** The body is the clip itself, in any format that devices read; it goes through to the hub and stays nowhere. */
export const POST = endpoint('POST /devices/{id}/try', async ({ params: { id }, query: wish, asker, request }) => {
  if (!(await (await store()).device(id))) throw noSuch('device')
  refuseUnknown(wish)
  refuseTooLarge(request.headers.get('content-length'))
  return tryDevice({ deviceId: id, wish, actor: asker.actor, body: request.body, signal: request.signal })
})

function refuseUnknown({ language, targetLanguage = language }: TrialWish) {
  const known = spokenLanguages(gemma4)
  const unknown = [language, targetLanguage].find((one) => !known.includes(one))
  if (unknown !== undefined)
    throw new ProblemError(
      'language-unknown',
      `No model here knows "${unknown}".`,
      `Choose one of ${known.join(', ')}.`,
    )
}

/** Before any of it is read; what does not say how long it is, the hub stops. */
function refuseTooLarge(contentLength: string | null) {
  if (Number(contentLength ?? 0) <= mostClipBytes) return
  const most = `A clip is at most ${mostClipBytes / 1024 / 1024} MiB.`
  throw new ProblemError('too-large', most, 'Send a shorter one, or one in a format that takes less room.')
}
