import { HttpProblem } from '../http/problem.js';
import { defineRoute, type Route } from '../http/route.js';
import { feedbackRequest } from '../schemas/feedback.js';
import { feedbackResponse } from '../schemas/responses.js';
import type { ServerContext } from '../server-context.js';

/** POST /v1/feedback */
export function feedbackRoute({ deps, answers }: ServerContext): Route {
  return defineRoute({
    method: 'post',
    path: '/v1/feedback',
    scope: 'read',
    summary: 'Says whether an answer was right, and what it should have been',
    description: 'Takes verdicts on the answers that this server gave last.',
    body: feedbackRequest,
    responses: {
      201: { description: 'The verdict is kept', content: { 'application/json': feedbackResponse } },
    },
    handle: async ({ body, res }) => {
      if (deps.feedback === undefined) throw new HttpProblem('no-feedback', 'This server takes no feedback.');
      const given = answers.withId(body.answerId);
      if (given === undefined) {
        throw new HttpProblem(
          'answer-not-found',
          'Expected the id of an answer that was given not long ago.',
        );
      }
      const receivedAt = new Date().toISOString();
      const { question, result } = given;
      await deps.feedback.add({ ...body, question, result, receivedAt });
      res.setHeader('Cache-Control', 'no-store');
      res.status(201).json({ answerId: body.answerId, receivedAt });
    },
  });
}
