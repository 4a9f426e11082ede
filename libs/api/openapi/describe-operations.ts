import type { OpenAPIObject } from '@nestjs/swagger';
import { POSITION_HEADER } from '../http/position.ts';
import type { Answers } from './generated.ts';
import type { Route } from './routes.ts';
import { DEVICE_SCHEMES } from './shared.ts';

type PathItem = OpenAPIObject['paths'][string];
type Operation = NonNullable<PathItem['get']>;
type ResponseObject = Extract<NonNullable<Operation['responses'][string]>, { description: string; content?: unknown }>;

const METHODS = ['get', 'post', 'put', 'patch', 'delete'] as const;
const PROBLEM = { $ref: '#/components/responses/Problem' };

/** What the explorer cannot know: who may call, the headers, what comes back, and how a refusal looks. Changes the document. */
export function describeOperations(
  document: OpenAPIObject,
  routes: ReadonlyMap<string, Route>,
  answers: Answers,
): void {
  for (const path of Object.values(document.paths)) {
    for (const method of METHODS) {
      const operation = path[method];
      if (operation === undefined) continue;
      const name = operation.operationId ?? '';
      const route = routes.get(name);
      if (route !== undefined) describe(operation, route, method === 'get', answers[name]);
    }
  }
}

function describe(operation: Operation, route: Route, reads: boolean, answer: object | undefined): void {
  operation.summary ||= summaryOf(operation.operationId ?? '');
  if (route.roles.length > 0)
    operation.description = [operation.description, `For: ${route.roles.join(', ')}.`].filter(Boolean).join('\n\n');
  operation.security = securityOf(route);
  operation.parameters = [...(operation.parameters ?? []), ...headersOf(route, reads)];
  const answered = Object.keys(operation.responses).find((status) => status.startsWith('2'));
  if (answered !== undefined) operation.responses[answered] = answerOf(operation, answered, route, answer);
  Object.assign(operation.responses, { '4XX': PROBLEM, '5XX': PROBLEM });
}

function securityOf({ caller }: Route): Operation['security'] & object {
  if (caller === 'device') return [Object.fromEntries(DEVICE_SCHEMES.map((scheme) => [scheme, []]))];
  return caller === 'person' ? [{ bearer: [] }] : [];
}

function headersOf({ caller, idempotent }: Route, reads: boolean): { $ref: string }[] {
  const names = [
    ...(idempotent ? ['IdempotencyKey'] : []),
    ...(reads && caller !== 'anybody' ? ['WaitFor'] : []),
    ...(caller === 'person' ? ['ActFor'] : []),
  ];
  return names.map((name) => ({ $ref: `#/components/parameters/${name}` }));
}

function answerOf(
  operation: Operation,
  status: string,
  route: Route,
  answer: object | undefined,
): NonNullable<Operation['responses'][string]> {
  const names = [
    ...(route.idempotent ? [POSITION_HEADER] : []),
    ...(route.caller === 'device' ? ['palmledger-next'] : []),
  ];
  const headers = Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
  const said = operation.responses[status] as Partial<ResponseObject> | undefined;
  const hasBody = status !== '204' && answer !== undefined;
  return {
    ...said,
    description: said?.description || (status === '204' ? 'Done.' : 'As asked.'),
    ...(names.length === 0 ? {} : { headers }),
    ...(hasBody ? { content: { 'application/json': { schema: answer } } } : {}),
  };
}

/** `MemberItemController_addCard` → `add card`. */
function summaryOf(operationId: string): string {
  const [, method = operationId] = operationId.split('_');
  return method.replace(/([A-Z])/g, ' $1').toLowerCase();
}
