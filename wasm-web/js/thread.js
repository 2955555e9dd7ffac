// The script of a worker that holds a board. It imports nothing later, so that bundlers may make one file of it.

import { serve } from "./board_service.js";
import { engine } from "./core.js";

engine.useSource(() => new URL("../dist/slaclock.wasm", import.meta.url));
serve(self);
