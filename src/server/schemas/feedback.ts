import { z } from 'zod';

const LONGEST_ANSWER = 10_000;

export interface FeedbackRequest {
  readonly answerId: string;
  readonly verdict: 'right' | 'wrong';
  readonly correctAnswer?: string;
}

export const feedbackRequest: z.ZodType<FeedbackRequest> = z.strictObject({
  answerId: z.string().min(1).max(100),
  verdict: z.enum(['right', 'wrong']),
  correctAnswer: z.string().max(LONGEST_ANSWER).exactOptional().describe('what it should have been'),
});
