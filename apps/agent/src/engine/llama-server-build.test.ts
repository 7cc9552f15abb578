import { existsSync } from 'node:fs'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { buildLlamaServer, carriedSource, type EngineBuildError, findLlamaServer } from './llama-server-build'

const commit = 'de3ff815ea7d559ee917f063901b8986f038abc6'
let folder: string
let told: string[]
const PATH = process.env.PATH

beforeEach(async () => {
  folder = await mkdtemp(path.join(os.tmpdir(), 'engine-build-'))
  told = []
  await mkdir(path.join(folder, 'bin'))
  await writeFile(path.join(folder, 'bundle'), `# v2 git bundle\n${commit} HEAD\n\nPACK`)
  await tool('git', 'mkdir -p "$4"')
  await tool('make', '')
  await tool('c++', '')
  await tool(
    'cmake',
    `echo "$*" >> ${folder}/calls
    case "$1" in
      -S) mkdir -p "$4/bin"; echo "-- The CXX compiler identification is GNU 12.2.0" ;;
      --build) echo "[ 12%] Building"; echo "[ 50%] Building"; echo "[ 51%] Building"
        echo '#!/bin/sh
        echo "version: 0.5.0 (build 1, commit de3ff81)"' > "$2/bin/llama-server" ;;
    esac`,
  )
  process.env.PATH = `${path.join(folder, 'bin')}:${PATH}`
})
afterEach(async () => {
  process.env.PATH = PATH
  await rm(folder, { recursive: true, force: true })
})

async function tool(name: string, script: string) {
  const file = path.join(folder, 'bin', name)
  await writeFile(file, `#!/bin/sh\n${script}\n`)
  await chmod(file, 0o755)
}
const engines = () => path.join(folder, 'engines')
const build = (more: object = {}) =>
  buildLlamaServer({
    bundle: path.join(folder, 'bundle'),
    engines: engines(),
    jobs: 3,
    tell: (line) => told.push(line),
    ...more,
  })
const codeOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'done',
    (error: EngineBuildError) => error.code,
  )
const calls = async () => (await readFile(path.join(folder, 'calls'), 'utf8')).trim().split('\n').length

describe('building with stand-ins for git, cmake and the compiler', () => {
  test('leaves a program and what it was made of, tells each tenth of the way, and does not do it twice', async () => {
    const { program, record } = await build()
    expect(path.basename(path.dirname(program))).toBe(`de3ff81-${process.platform}-${process.arch}`)
    expect(record).toMatchObject({ commit, version: { version: '0.5.0' }, compiler: 'GNU 12.2.0' })
    expect(told.filter((line) => line.includes('%'))).toEqual(['compiling: 12 %', 'compiling: 50 %'])
    expect(await build()).toEqual({ program, record })
    expect(await calls()).toBe(2)
    expect(await findLlamaServer(engines())).toEqual({ program, record })
  })

  test('with other flags makes another engine', async () => {
    const [plain, cuda] = [await build(), await build({ extra: ['-DGGML_CUDA=ON'] })]
    expect(cuda.program).not.toBe(plain.program)
    expect(await readdir(engines())).toHaveLength(2)
  })

  test('that fails says the last lines and leaves nothing', async () => {
    await tool('cmake', 'echo "fatal error: no space" >&2; exit 2')
    await expect(build()).rejects.toMatchObject({ code: 'build-failed', message: expect.stringContaining('no space') })
    expect(await readdir(engines())).toEqual([])
  })

  test('that makes something that does not run leaves nothing', async () => {
    await tool(
      'cmake',
      'case "$1" in -S) mkdir -p "$4/bin" ;; --build) echo "#!/bin/sh" > "$2/bin/llama-server" ;; esac',
    )
    expect(await codeOf(build())).toBe('does-not-run')
    expect(await readdir(engines())).toEqual([])
  })

  test('that is stopped ends its compilers and leaves nothing', async () => {
    await tool('cmake', `echo $$ > ${folder}/pid; sleep 600`)
    const aborting = new AbortController()
    const building = codeOf(build({ signal: aborting.signal }))
    while (!existsSync(path.join(folder, 'pid'))) await new Promise((resolve) => setTimeout(resolve, 10))
    aborting.abort()
    expect(await building).toBe('aborted')
    expect(await readdir(engines())).toEqual([])
  })

  test('clears away what a killed build has left', async () => {
    await mkdir(path.join(engines(), '.999999999-de3ff81-linux-x64/build'), { recursive: true })
    await build()
    expect((await readdir(engines())).filter((name) => name.startsWith('.'))).toEqual([])
  })

  test('without a compiler says what to install', async () => {
    process.env.PATH = path.join(folder, 'bin')
    await rm(path.join(folder, 'bin/c++'))
    await rm(path.join(folder, 'bin/make'))
    const error: EngineBuildError = await build().catch((thrown) => thrown)
    expect(error.code).toBe('tools-missing')
    expect(error.message).toContain('make, c++')
    if (process.platform === 'linux') expect(error.next).toContain('apt-get install -y make g++')
  })

  test('from something that is no bundle is refused', async () => {
    await writeFile(path.join(folder, 'bundle'), 'version https://git-lfs.github.com/spec/v1')
    expect(await codeOf(build())).toBe('source-missing')
  })
})

test('the source is where the package manager put it', () => expect(existsSync(carriedSource())).toBe(true))
