import fastifyStatic from '@fastify/static';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { describeApi } from './document.ts';

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width, initial-scale=1" />
    <title>PalmLedger API</title>
    <link rel="stylesheet" href="/docs/assets/swagger-ui.css" />
    <link rel="icon" href="/docs/assets/favicon-32x32.png" />
  </head>
  <body>
    <div id="api"></div>
    <script src="/docs/assets/swagger-ui-bundle.js"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>
`;
const START = `SwaggerUIBundle({
  url: '/openapi.json',
  dom_id: '#api',
  deepLinking: true,
  persistAuthorization: false,
  docExpansion: 'none',
  validatorUrl: null,
});
`;
const ASSETS = ['swagger-ui.css', 'swagger-ui-bundle.js', 'favicon-32x32.png'];

/** `/openapi.json`, and `/docs` to read and try it; everything from this host. */
export async function serveOpenApi(app: NestFastifyApplication): Promise<void> {
  let document: Promise<string> | undefined;
  const made = (): Promise<string> => (document ??= describeApi(app).then((api) => JSON.stringify(api)));
  const engine = app.getHttpAdapter().getInstance();
  const root = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));
  await app.register(fastifyStatic, { root, serve: false });
  engine.get('/openapi.json', async (_request, reply) => reply.type('application/json').send(await made()));
  engine.get('/docs', (_request, reply) => reply.type('text/html').send(PAGE));
  engine.get('/docs/start.js', (_request, reply) => reply.type('text/javascript').send(START));
  for (const name of ASSETS) engine.get(`/docs/assets/${name}`, (_request, reply) => reply.sendFile(name));
}
