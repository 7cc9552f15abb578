// npm run check: format, lint (the walls between the rooms included), types, migrations, fast tests. What CI runs first.
import { aloud } from './pnpm.mjs'

const steps = [
  ['exec', 'biome', 'ci', '--colors=off', '.'],
  ['exec', 'turbo', 'run', 'types', '--output-logs=errors-only'],
  ['run', 'migration', 'check'],
  [
    'exec',
    'turbo',
    'run',
    'build',
    '--filter=@tradewind/hub',
    '--filter=@tradewind/agent',
    '--output-logs=errors-only',
  ],
  ['exec', 'vitest', 'run', 'packages', 'apps'],
]
for (const step of steps) {
  const code = await aloud(step)
  if (code !== 0) {
    console.error(`\ncheck: ${step.join(' ')} failed`)
    process.exit(1)
  }
}
