import { Command } from 'commander'
import type { Host } from '../host/host'

// The deeds are loaded when they are asked for: the agent that serves a device need not hold them in memory.

export const pullCommand = (thisHost: () => Host): Command =>
  new Command('pull')
    .description('fetch the model files of a variant from Hugging Face; goes on where it was stopped')
    .argument('<variant>', 'e2b, e4b, 12b, 26b-a4b or 31b')
    .option('--build <id>', 'this build of it; default: the one that suits this device best')
    .option('--catalogue <file>', 'with what this file adds to the catalogue')
    .option('--json', 'one JSON document a line')
    .action(async (variant, options) => (await import('./pull')).pull(variant, options, thisHost))

export const importCommand = (): Command =>
  new Command('import')
    .description('take the model files of known builds, or of a build.json, from a folder or a stick')
    .argument('<folder>')
    .option('--catalogue <file>', 'with what this file adds to the catalogue')
    .option('--json', 'one JSON document a line')
    .action(async (folder, options) => (await import('./import')).importBuilds(folder, options))

export const modelsCommand = (): Command =>
  new Command('models')
    .description('list the model files that are here, whole or not, and who uses them')
    .option('--json', 'as one JSON document')
    .action(async (options) => (await import('./models')).listModels(options))
    .addCommand(
      new Command('remove')
        .description('remove a build, and the files that no other needs')
        .argument('<id>')
        .action(async (id) => (await import('./models')).removeModel(id)),
    )
    .addCommand(
      new Command('verify')
        .description('read every byte of a build, or of all; bad files are deleted')
        .argument('[id]')
        .action(async (id) => (await import('./models')).verifyModels(id)),
    )
