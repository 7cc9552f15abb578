/**
 * How llama-server is made from llama.cpp's source: values only, so that what is recorded beside an engine is what was done
 * to make it.
 */
export type Recipe = {
  /** `<platform>-<arch>` of where it will run, in Node's words */
  target: string
  /** for cmake; they decide, with the commit, what comes out */
  flags: string[]
  needs: Need[]
  /** runs the engine that comes out once, to see that it does: empty where it can run by itself, null where nothing can */
  runner: string[] | null
}

/** A program that must be there, and the Debian package that brings it. */
export type Need = { program: string; debian: string }

export type Machine = { platform: string; arch: string }

const always = [
  '-DCMAKE_BUILD_TYPE=Release',
  '-DBUILD_SHARED_LIBS=OFF',
  '-DLLAMA_BUILD_IS_DEV=OFF',
  // nothing that downloads: models come by the agent's own store
  '-DLLAMA_CURL=OFF',
  '-DLLAMA_OPENSSL=OFF',
  '-DLLAMA_BUILD_UI=OFF',
  '-DLLAMA_USE_PREBUILT_UI=OFF',
  '-DLLAMA_BUILD_TESTS=OFF',
  '-DLLAMA_BUILD_EXAMPLES=OFF',
]

const tools: Need[] = [
  { program: 'git', debian: 'git' },
  { program: 'cmake', debian: 'cmake' },
  { program: 'make', debian: 'make' },
]

/** A Raspberry Pi 5's core, the Cortex-A76: dot products and half floats, no i8mm. Its system brings no OpenMP. */
const pi5Flags = [
  '-DCMAKE_SYSTEM_NAME=Linux',
  '-DCMAKE_SYSTEM_PROCESSOR=aarch64',
  '-DCMAKE_C_COMPILER=aarch64-linux-gnu-gcc',
  '-DCMAKE_CXX_COMPILER=aarch64-linux-gnu-g++',
  '-DCMAKE_FIND_ROOT_PATH_MODE_PROGRAM=NEVER',
  '-DCMAKE_EXE_LINKER_FLAGS=-s -static-libstdc++ -static-libgcc',
  '-DGGML_NATIVE=OFF',
  '-DGGML_CPU_ARM_ARCH=armv8.2-a+dotprod+fp16',
  '-DGGML_OPENMP=OFF',
]
const pi5Runner = ['qemu-aarch64-static', '-cpu', 'cortex-a76', '-L', '/usr/aarch64-linux-gnu']

/**
 * The recipe for a target, or null when this machine cannot make it. `extra` goes to cmake as it is, such as
 * `-DGGML_CUDA=ON`.
 */
export function recipeFor(target: string, here: Machine, extra: string[] = []): Recipe | null {
  if (target === `${here.platform}-${here.arch}`) {
    const strip = here.platform === 'linux' ? ['-DCMAKE_EXE_LINKER_FLAGS=-s'] : []
    const compiler = { program: 'c++', debian: 'g++' }
    return {
      target,
      flags: [...always, '-DGGML_NATIVE=ON', ...strip, ...extra],
      needs: [...tools, compiler],
      runner: [],
    }
  }
  if (target === 'linux-arm64' && here.platform === 'linux') {
    const compiler = { program: 'aarch64-linux-gnu-g++', debian: 'g++-aarch64-linux-gnu' }
    return { target, flags: [...always, ...pi5Flags, ...extra], needs: [...tools, compiler], runner: pi5Runner }
  }
  return null
}

/** The commit that a git bundle holds as HEAD, read from its first lines; null when it is none. */
export function commitOfBundle(head: string): string | null {
  const [signature = '', ...lines] = head.split('\n')
  if (!/^# v[23] git bundle$/.test(signature)) return null
  for (const line of lines) {
    const commit = /^([0-9a-f]{40}) HEAD$/.exec(line)?.[1]
    if (commit) return commit
  }
  return null
}

/** How far the compiler is by one of its lines, 0 to 100, or null. */
export function percentOf(line: string): number | null {
  const percent = /^\[\s*(\d{1,3})%\]/.exec(line)?.[1]
  return percent === undefined ? null : Math.min(100, Number(percent))
}

/** What an engine says of itself with `--version`. */
export type EngineVersion = { version: string; build: number; commit: string }

export function versionOf(said: string): EngineVersion | null {
  const [, version, build, commit] = /version: (\S+) \(build (\d+), commit ([0-9a-f]+)\)/.exec(said) ?? []
  if (version && commit) return { version, build: Number(build), commit }
  // until release numbers began it said `version: 9297 (abcdef0)`
  const [, number, hash] = /version: (\d+) \(([0-9a-f]+)\)/.exec(said) ?? []
  return number && hash ? { version: `b${number}`, build: Number(number), commit: hash } : null
}

/**
 * llama.cpp counted its commits (`b9297`) before it numbered its releases (`0.1.0` and up). Its own documents show
 * `0.1.0-dev-b10335`, so whatever has a release number from 0.2.0 on is beyond that build. A build number that comes with
 * one is the count of commits in the source at hand: 1 for a squashed copy, and worth nothing.
 */
const buildOfFirstRelease = 10_335

/**
 * The upstream build number that an engine has at least, to hold against a catalogue's `minimumEngineBuild`; null when it
 * cannot be known.
 */
export function leastBuildOf({ version, build }: Pick<EngineVersion, 'version' | 'build'>): number | null {
  const [, major, minor] = /^(\d+)\.(\d+)\.\d+/.exec(version) ?? []
  if (major === undefined) return /^b\d+$/.test(version) ? build : null
  const isBeyond = Number(major) > 0 || Number(minor) >= 2
  if (build >= buildOfFirstRelease) return build
  return isBeyond ? buildOfFirstRelease : null
}
