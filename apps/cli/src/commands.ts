import { assignCommand } from './assign/command'
import { clipsCommand } from './clips/command'
import { devicesCommand } from './devices/command'
import { loginCommand } from './login'
import { mirrorCommand } from './mirror/command'
import { estimateCommand, explainCommand, modelsCommand } from './models/command'
import { problemsCommand } from './problems/command'
import { proposalsCommand } from './proposals/command'
import { rolloutCommand } from './rollout/command'
import type { Terminal } from './terminal'
import { tokenCommand } from './token/command'
import { workloadCommand } from './workload/command'

/** Every command that speaks to people by the terminal alone; `up` starts programs and stands beside them. */
export const commandsOf = (terminal: Terminal) => [
  loginCommand(terminal),
  tokenCommand(terminal),
  devicesCommand(terminal),
  problemsCommand(terminal),
  workloadCommand(terminal),
  assignCommand(terminal),
  proposalsCommand(terminal),
  rolloutCommand(terminal),
  clipsCommand(terminal),
  modelsCommand(terminal),
  mirrorCommand(terminal),
  estimateCommand(terminal),
  explainCommand(terminal),
]
