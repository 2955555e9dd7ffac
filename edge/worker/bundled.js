// Agreements that are deployed with the Worker. Those of the KV namespace `AGREEMENTS` need no new deployment.

/** @type {Record<string, object>} */
export const bundled = {};
