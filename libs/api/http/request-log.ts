import type { DynamicModule } from '@nestjs/common';
import { LoggerModule } from 'nestjs-pino';
import type { Logger } from 'pino';
import { knownBy } from './known-by.ts';

/** Asked every few seconds by machines: logged only where something is wrong. */
const WATCHING = /^\/(health\/|metrics$)/;

/** One line a request: its id, method, route pattern, status and duration, and the request's id in every line in between. */
export function requestLog(logger: Logger): DynamicModule {
  return LoggerModule.forRoot({
    // Fastify needs it said so.
    forRoutes: ['{*path}'],
    pinoHttp: {
      logger,
      wrapSerializers: false,
      quietReqLogger: true,
      genReqId: (request) => knownBy(request).requestId,
      customAttributeKeys: { reqId: 'requestId', responseTime: 'durationMs' },
      serializers: { req: () => undefined, res: () => undefined },
      customProps: (request, response) => {
        const { method, route } = knownBy(request);
        return response.headersSent ? { method, route, status: response.statusCode } : {};
      },
      customLogLevel: (request, { statusCode }, error) => {
        if (error !== undefined || statusCode >= 500) return 'error';
        return WATCHING.test(knownBy(request).route) ? 'debug' : 'info';
      },
      customSuccessMessage: (_request, response) => (response.writableFinished ? 'answered' : 'cut off'),
      customErrorMessage: () => 'failed',
    },
  });
}
