/** What is known of hearing, for the services that use it. Sources: Gemma 4 model card and Google's audio guide. */
export const speech = {
  longestClipSeconds: 30,
  /** 4-bit weights were seen to repeat themselves beyond about 17 s (llama.cpp #21599, one source) */
  longestClipSecondsAt4Bits: 15,
  tokensPerSecond: 25,
  sampleRate: 16_000,
  /** tokens of the official prompts and the turns around them */
  promptTokens: 85,
  /** tokens written for one second of speech; twice that when transcript and translation are both written */
  writtenTokensPerSecond: 3.3,
  sampling: { temperature: 1, topP: 0.95, topK: 64 },
} as const

const formatting = `* Only output the transcription, with no newlines.
* When transcribing numbers, write the digits, i.e. write 1.7 and not one point seven, and write 3 instead of three.`

/** The official prompts, to the letter; the audio goes before them. `language` in English: Spanish. */
export const speechPrompts = {
  transcribe: (language: string) =>
    `Transcribe the following speech segment in ${language} into ${language} text.\n\nFollow these specific instructions for formatting the answer:\n${formatting}`,
  transcribeAnyLanguage: `Transcribe the following speech segment in its original language. Follow these specific instructions for formatting the answer:\n${formatting}`,
  /** the answer holds the transcript, then a line that begins with `<to>: ` and the translation */
  translate: (from: string, to: string) =>
    `Transcribe the following speech segment in ${from}, then translate it into ${to}.\nWhen formatting the answer, first output the transcription in ${from}, then one newline, then output the string '${to}: ', then the translation in ${to}.`,
}
