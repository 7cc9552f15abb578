import type { Answer, Question } from '@tradewind/protocol'
import { CallFailed, call } from '../live/call'

/** Asks the device and waits for its answer. A device that could not do it says why, and that is a failure too. */
export async function askDevice(deviceId: string, question: Question): Promise<Answer['answer']> {
  const { answer } = await call<Answer>('POST', `/api/v1/devices/${deviceId}/ask`, { question })
  if (answer.kind !== 'failed') return answer
  const message = `The device could not do it: ${answer.detail}`
  throw new CallFailed({ code: 'internal', message, next: `Its code for this is ${answer.code}.` })
}
