/** What a worker's scope and both ends of a `MessageChannel` are. */
export interface Port {
  postMessage(message: unknown, transfer: any[]): void;
  addEventListener(type: "message", listener: (event: { data: any }) => void): void;
  start?(): void;
}

/**
 * Answers the requests of one `WorkerBoard`. For a worker with a script of your own: `import "slaclock/inline"` or another
 * entry, which says where the engine is, and `serve(self)`.
 */
export function serve(port: Port): void;
