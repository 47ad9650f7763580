import type { ServerContext } from '@modelcontextprotocol/server';
import type { AskOptions } from '../pipeline/index.js';

/** Tells the client how many of the passages have been read, if it asked to be told; reading then goes in rounds. */
export function progressOptions(
  { mcpReq }: ServerContext,
  onError: (error: Error) => void,
): Pick<AskOptions, 'onProgress' | 'inRounds'> {
  const progressToken = mcpReq._meta?.progressToken;
  if (progressToken === undefined) return {};
  let total = 0;
  let read = 0;
  const notify = (progress: number, message: string): void => {
    mcpReq
      .notify({ method: 'notifications/progress', params: { progressToken, progress, total, message } })
      // The call itself fails, too, where nobody is left to hear of it.
      .catch((error: unknown) => onError(error instanceof Error ? error : new Error(String(error))));
  };
  return {
    inRounds: true,
    onProgress: (progress) => {
      if (progress.stage === 'retrieved') {
        total = progress.passages.length;
        notify(0, `${total} passages found`);
      } else {
        read++;
        notify(read, `${read} of ${total} passages read`);
      }
    },
  };
}
