import { openApiRoute } from '../open-api/open-api-route.js';
import type { Route } from '../http/route.js';
import type { ServerContext } from '../server-context.js';
import { createSchemas } from '../schemas/index.js';
import { answerRoute } from './answer.js';
import { batchRoute } from './batch.js';
import { docsRoutes } from './docs.js';
import { documentRoutes } from './documents.js';
import { documentStreamRoute } from './document-stream.js';
import { feedbackRoute } from './feedback.js';
import { hostedInferenceRoutes } from './hosted-inference.js';
import { infoRoute } from './info.js';
import { operationRoutes } from './operations.js';
import { playgroundRoutes } from './playground.js';
import { readRoute } from './read.js';
import { searchRoutes } from './search.js';
import { suggestRoute } from './suggest.js';
import { widgetRoute } from './widget.js';

/** Every route of an app, in the order of the OpenAPI document. */
export function allRoutes(context: ServerContext): Route[] {
  const schemas = createSchemas(context.limits);
  const routes = [
    answerRoute(context, schemas),
    batchRoute(context, schemas),
    readRoute(context, schemas),
    ...searchRoutes(context, schemas),
    suggestRoute(context, schemas),
    ...documentRoutes(context),
    documentStreamRoute(context),
    feedbackRoute(context),
    infoRoute(context),
    ...hostedInferenceRoutes(context, schemas),
    ...operationRoutes(context),
  ];
  return [
    ...routes,
    openApiRoute(routes, schemas, context),
    ...docsRoutes(),
    ...playgroundRoutes(context),
    widgetRoute(),
  ];
}
