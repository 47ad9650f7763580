import { assetRoute } from '../http/asset-route.js';
import type { Route } from '../http/route.js';

/** A page keeps its address, so that a new release must reach its visitors soon. */
const HOUR_SECONDS = 3600;

/** GET /widget/verbatim-faq.js: the element that a page embeds with one script tag. */
export function widgetRoute(): Route {
  return assetRoute('/widget/verbatim-faq.js', {
    folder: 'widget/',
    name: 'verbatim-faq.js',
    maxAgeSeconds: HOUR_SECONDS,
  });
}
