#!/bin/sh
# Prisma's CLI downloads its schema engine before any command unless one is named. `generate` never runs it;
# whatever does must fail loudly instead of doing nothing.
echo "Prisma's schema engine is not used here: npm run migration create NAME | check" >&2
exit 1
