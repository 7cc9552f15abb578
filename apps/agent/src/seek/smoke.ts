import { wordErrorRate, wordErrors } from '@tradewind/fleet'
import type { Baseline, SmokeClip, SmokeResult, SmokeTest } from '@tradewind/protocol'
import type { Engine, Generation } from '../engine/engine'
import { asking, hearing, type KnownClip } from '../engine/measure'
import { type Answer, wholeAnswer } from '../speech/ask'

export type SmokeParts = {
  engine: Engine
  /** the clip that every device carries; null for a build that does not hear */
  clip: KnownClip | null
  /** what an operator's clip says to the engine */
  hearClip: (clip: SmokeClip, signal: AbortSignal) => Promise<string>
  signal: AbortSignal
}

/** Its answer is long enough to be timed, and the same for whoever can count. */
const knownPrompt = 'Write the numbers from one to twenty in English words, separated by spaces, and nothing else.'
const mostTokens = 96
/** Of fewer tokens no speed can be told. */
const leastTokens = 8

/** Asks what is known, and compares. Throws `EngineError` when the engine could not answer at all. */
export async function smokeTest(test: SmokeTest, parts: SmokeParts): Promise<SmokeResult> {
  const { clip, engine, signal } = parts
  const heard = together(
    await allOf(
      clip ? phrasesOf(clip).map((phrase) => hearing(phrase, mostTokens)) : [asking(knownPrompt, mostTokens)],
      engine,
      signal,
    ),
  )
  const answer = baselineOf(heard, clip)
  // a canary that was asked something else says nothing of this answer
  const baseline = test.baseline?.prompt === answer.prompt ? test.baseline : null
  const outcome = baseline ? 'passed' : 'flagged'
  const code = faultOf(answer, heard, baseline, test)
  const wordErrors = baseline ? { wordErrors: rate([[baseline.text, answer.text]]) } : {}
  if (code) return { outcome: 'failed', code, ...wordErrors, answer }
  if (test.clips.length === 0) return { outcome, code: null, ...wordErrors, answer }
  const pairs: [string, string][] = []
  for (const one of test.clips) pairs.push([one.reference, await parts.hearClip(one, signal)])
  const share = rate(pairs)
  if (share > test.mostWordErrors) return { outcome: 'failed', code: 'word-errors', wordErrors: share, answer }
  return { outcome, code: null, wordErrors: share, answer }
}

async function allOf(questions: Generation[], engine: Engine, signal: AbortSignal): Promise<Answer[]> {
  const answers: Answer[] = []
  for (const question of questions) answers.push(await wholeAnswer(engine.generate(question, signal)))
  return answers
}

function together(answers: Answer[]): Answer {
  const sum = (of: (one: Answer) => number) => answers.reduce((total, one) => total + of(one), 0)
  return {
    text: answers.map(({ text }) => text.trim()).join(' '),
    finish: answers.some(({ finish }) => finish === 'length') ? 'length' : 'stop',
    promptTokens: sum((one) => one.promptTokens),
    generatedTokens: sum((one) => one.generatedTokens),
    promptMs: sum((one) => one.promptMs),
    generationMs: sum((one) => one.generationMs),
  }
}

/** Seconds of nothing at all that part two phrases of the known clip. */
const silence = 0.4

/** Its sentences one by one: a model of few words hears each to the letter, and all of them in one breath not at all. */
function phrasesOf({ samples, language }: KnownClip): KnownClip[] {
  const phrases: KnownClip[] = []
  let [from, quiet] = [0, 0]
  for (let at = 0; at <= samples.length; at++) {
    const isOver = at === samples.length
    if (!isOver && samples[at] === 0) {
      quiet++
      continue
    }
    if ((isOver || quiet >= silence * 16_000) && at - quiet > from) {
      phrases.push({ samples: samples.subarray(from, at), language })
      from = at
    }
    quiet = 0
  }
  return phrases
}

function faultOf(
  answer: Baseline,
  { generatedTokens }: Answer,
  baseline: Baseline | null,
  test: SmokeTest,
): string | null {
  if (answer.text.trim() === '') return 'empty'
  if (!isInLatinLetters(answer.text)) return 'wrong-language'
  if (baseline && rate([[baseline.text, answer.text]]) > test.mostWordErrors) return 'answer-differs'
  if (generatedTokens < leastTokens) return null
  const { generationPerSecond: speed = Number.POSITIVE_INFINITY, realTimeFactor: factor = 0 } = answer
  const leastSpeed = Math.max(test.leastPerSecond, (baseline?.generationPerSecond ?? 0) * test.speedShare)
  const mostFactor =
    baseline?.realTimeFactor && test.speedShare > 0 ? baseline.realTimeFactor / test.speedShare : factor
  return speed < leastSpeed || factor > mostFactor ? 'too-slow' : null
}

/**
 * Both questions have an English answer. Which language a text of few words is in nobody can tell honestly; that it is in no
 * script of that language can be seen.
 */
function isInLatinLetters(text: string): boolean {
  const letters = text.match(/\p{L}/gu) ?? []
  return (
    letters.length === 0 || letters.filter((letter) => /\p{Script=Latin}/u.test(letter)).length * 2 > letters.length
  )
}

function baselineOf(answer: Answer, clip: KnownClip | null): Baseline {
  const { text, promptMs, generationMs, generatedTokens } = answer
  const speed = generatedTokens >= leastTokens && generationMs > 0 ? generatedTokens / (generationMs / 1000) : null
  const factor = clip ? (promptMs + generationMs) / 1000 / (clip.samples.length / 16_000) : 0
  return {
    prompt: clip ? 'known-clip' : 'known-prompt',
    text: text.trim().slice(0, 1000),
    ...(speed ? { generationPerSecond: Number(speed.toPrecision(4)) } : {}),
    ...(factor > 0 ? { realTimeFactor: Number(factor.toPrecision(4)) } : {}),
  }
}

/** Errors a word of the references; where those have no words, 1 for any that was heard. */
function rate(pairs: [said: string, heard: string][]): number {
  const share = wordErrorRate(pairs.map(([said, heard]) => wordErrors(said, heard)))
  return Number.isNaN(share) ? 0 : Math.min(share, 1e6)
}
