import { NodeStorage } from '../../src/node/index.ts'

// Takes the lock it is given and holds it until it is killed.
new NodeStorage().lock(process.argv[2]!)
process.stdout.write('locked\n')
process.stdin.resume()
setInterval(() => undefined, 60_000)
