// npm run seed -- --data DIR [--devices 40] [--days 14] [--story brownout]: a fleet with a past, from prisma/seed.ts.
import path from 'node:path'
import { root } from './pnpm.mjs'
import { runBundled } from './run-bundled.mjs'

await runBundled(path.join(root, 'prisma/seed.ts'), 'seed')
