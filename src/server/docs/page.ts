/** Only the server's own files. Swagger UI sets styles of elements, and its style sheet holds pictures as data. */
export const PAGE_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; connect-src 'self'; " +
  "base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Finds the document beside the folder that this script was loaded from, wherever the router is mounted. */
export const INIT_SCRIPT = `const openApi = new URL('../openapi.json', document.currentScript.src).href;
window.onload = () => {
  SwaggerUIBundle({ url: openApi, dom_id: '#docs', deepLinking: true, validatorUrl: null });
};
`;

/** @param path - the page's own, which may end with a slash: its files are named relative to it. */
export function pageAt(path: string): string {
  const folder = path.endsWith('/') ? '.' : './docs';
  return `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>Verbatim</title>
    <link rel="icon" href="data:," />
    <link rel="stylesheet" href="${folder}/swagger-ui.css" />
  </head>
  <body>
    <div id="docs"></div>
    <script src="${folder}/swagger-ui-bundle.js"></script>
    <script src="${folder}/init.js"></script>
  </body>
</html>
`;
}
