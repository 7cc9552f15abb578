import v8 from 'node:v8'

// First of all imports: the space for young objects stays at its smallest. V8 would grow it to sixteen times that while
// the agent starts, and keep most of it; a process that does little all day never needs it again.
v8.setFlagsFromString('--semi-space-growth-factor=1')
