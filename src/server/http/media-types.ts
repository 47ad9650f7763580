/** One JSON object a line, and the other names that clients have for it. */
export const NDJSON = 'application/x-ndjson';
export const NDJSON_TYPE = /^application\/(?:x-)?(?:ndjson|jsonl)\s*(?:;|$)/i;
