import type { EngineFailure, Load } from './engine'
import { type Gguf, GgufError, readGguf } from './gguf'

/**
 * What speaks against the files of a load, before native code sees them: llama.cpp ends the process over most of these, and
 * hangs over a wild context. Null when nothing does. Whether the bytes are the right ones is for the artifact store to say.
 */
export async function checkFiles(load: Load): Promise<EngineFailure | null> {
  try {
    const model = await readGguf(load.modelPath)
    const against = againstModel(model, load)
    if (against || load.projectorPath === null) return against
    return againstProjector(await readGguf(load.projectorPath), model, load.projectorPath)
  } catch (error) {
    if (error instanceof GgufError) return badFile(error.message)
    const { code = 'failed', path = load.modelPath } = error as NodeJS.ErrnoException
    return badFile(`${path} cannot be read: ${code}`)
  }
}

function againstModel({ metadata }: Gguf, { contextTokens, slots }: Load): EngineFailure | null {
  const architecture = metadata.get('general.architecture')
  if (architecture !== 'gemma4') return unsupported(`the weights are of the architecture ${architecture}, not gemma4`)
  const longest = metadata.get('gemma4.context_length')
  const isWhole = Number.isInteger(contextTokens) && Number.isInteger(slots) && contextTokens > 0 && slots > 0
  if (!isWhole) return unsupported(`a context of ${contextTokens} tokens for ${slots} at once cannot be made`)
  if (typeof longest !== 'number') return badFile('the weights do not say how long their context is (context_length)')
  if (contextTokens > longest)
    return {
      code: 'unsupported',
      detail: { why: 'the context is longer than the model has', contextTokens, longestTokens: longest },
    }
  return null
}

function againstProjector({ metadata }: Gguf, model: Gguf, path: string): EngineFailure | null {
  if (metadata.get('general.architecture') !== 'clip') return badFile(`${path} is no projector`)
  const width = model.metadata.get('gemma4.embedding_length')
  for (const of of ['audio', 'vision']) {
    const projects = metadata.get(`clip.${of}.projection_dim`)
    if (projects !== undefined && projects !== width)
      return badFile(
        `${path} projects ${of} to ${projects}, and the model is ${width} wide: it belongs to another model`,
      )
  }
  return null
}

const badFile = (why: string): EngineFailure => ({ code: 'bad-file', detail: { why } })
const unsupported = (why: string): EngineFailure => ({ code: 'unsupported', detail: { why } })
