import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { addConstraints, type PluginMetadata } from './constraints.ts';
import { describeOperations } from './describe-operations.ts';
import { loadGenerated } from './generated.ts';
import { routesOf } from './routes.ts';
import { sharedComponents } from './shared.ts';

const ABOUT = `The palm of the hand as card, badge, loyalty card and subscription.

**Devices** sign every request (RFC 9421) and encrypt what they see; docs/devices.md says how. **People and services** bear a token of \`/auth/v1\`.
Every write carries an \`Idempotency-Key\`: the same key and body has its effect once and gets the first answer again; another body under that key is refused (422).
A write answers with its place in the ledger, \`palmledger-position\`; a read that carries it as \`palmledger-wait-for\` waits until it can see that write, or is answered 503.
Errors are problem details (RFC 9457); docs/errors.md lists every \`type\`. Lists are pages: \`?limit=&cursor=\` → \`{ items, next? }\`, and \`next\` is the cursor of the page after.
Money is an integer of minor units and an ISO 4217 code; times are ISO 8601 in UTC; positions and other large numbers are decimal strings.`;

/** The whole API as OpenAPI 3.1, made from the controllers and the types. Without the build's metadata the DTOs have no properties. */
export async function describeApi(app: INestApplication): Promise<OpenAPIObject> {
  const { metadata, answers } = await loadGenerated();
  if (metadata !== undefined) await loadMetadata(metadata);
  const routes = routesOf(app);
  const document = SwaggerModule.createDocument(app, description(), {
    operationIdFactory: (controller, method) => `${controller}_${method}`,
  });
  document.components = sharedComponents(document.components ?? {});
  describeOperations(document, routes, answers);
  return document;
}

async function loadMetadata(metadata: () => Promise<PluginMetadata>): Promise<void> {
  const written = await metadata();
  await addConstraints(written);
  await SwaggerModule.loadPluginMetadata(async () => written);
}

function description(): Omit<OpenAPIObject, 'paths'> {
  return new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('PalmLedger')
    .setDescription(ABOUT)
    .setVersion('1')
    .setLicense('Apache-2.0', 'https://www.apache.org/licenses/LICENSE-2.0')
    .addServer('/')
    .build();
}
