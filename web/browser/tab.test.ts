import { afterAll, beforeAll } from 'vitest'
import { end } from './steps/end'
import { endpoints } from './steps/endpoints'
import { failure } from './steps/failure'
import { host } from './steps/host'
import { hotReload } from './steps/hotReload'
import { log } from './steps/log'
import { panes } from './steps/panes'
import { project } from './steps/project'
import { signIn } from './steps/signIn'
import { World } from './world'

// The steps of a person who works with the tab, each on what the ones before have left.
const world = new World()

beforeAll(() => world.begin())
afterAll(() => world.end())

signIn(world)
project(world)
log(world)
endpoints(world)
panes(world)
host(world)
failure(world)
hotReload(world)
end(world)
