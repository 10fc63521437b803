/**
 * Node's space for young objects, in MB, of the processes that are the engine's other half. Most of what a run makes are
 * messages that are soon forgotten; in the default 16 MB a fifth of the time goes into moving those just in use.
 */
export const youngSpace = "--max-semi-space-size=64";
