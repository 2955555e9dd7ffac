// The engine of the package's main entries.

import * as glue from "../pkg/slaclock_web.js";
import { Engine } from "./engine.js";

export const engine = new Engine(glue);
