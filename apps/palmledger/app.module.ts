import { Module, type DynamicModule, type Provider, type Type } from '@nestjs/common';
import { APP_INTERCEPTOR } from '@nestjs/core';
import { CqrsModule } from '@nestjs/cqrs';
import type { Logger } from 'pino';
import { ADMIN_EDGE, type AdminEdge } from '#libs/api/admin/edge.ts';
import { adminApi } from '#libs/api/admin/module.ts';
import { auditorApi } from '#libs/api/auditor/module.ts';
import { DEVICE_EDGE, type DeviceEdge } from '#libs/api/device/edge.ts';
import { deviceApi } from '#libs/api/device/module.ts';
import { EVIDENCE_EDGE, type EvidenceEdge } from '#libs/api/evidence/edge.ts';
import { evidenceApi } from '#libs/api/evidence/module.ts';
import { HealthController, READINESS, type Readiness } from '#libs/api/health/health.controller.ts';
import { memberApi } from '#libs/api/member/module.ts';
import { merchantApi } from '#libs/api/merchant/module.ts';
import { PEOPLE_EDGE, type PeopleEdge } from '#libs/api/people/edge.ts';
import { peopleApi } from '#libs/api/people/module.ts';
import { METRICS, MetricsController, type Metrics } from '#libs/api/metrics/metrics.controller.ts';
import { DEPS } from '#libs/api/http/messages.ts';
import { PositionInterceptor } from '#libs/api/http/position.ts';
import { requestLog } from '#libs/api/http/request-log.ts';
import { serviceApi } from '#libs/api/service/module.ts';
import type { Deps } from '#libs/use-cases/deps.ts';

export interface AppWiring {
  readonly deps: Deps;
  readonly deviceEdge: DeviceEdge;
  readonly peopleEdge: PeopleEdge;
  readonly adminEdge: AdminEdge;
  readonly evidence: EvidenceEdge;
  readonly readiness: Readiness;
  readonly metrics: Metrics;
  readonly logger: Logger;
}

/** Each audience's controllers, and the use cases on the bus behind them. */
const audiences: readonly { controllers: Type[]; handlers: Type[] }[] = [
  deviceApi,
  peopleApi,
  memberApi,
  merchantApi,
  auditorApi,
  adminApi,
  serviceApi,
  evidenceApi,
];

@Module({})
export class AppModule {
  static with(wiring: AppWiring): DynamicModule {
    const { deps, deviceEdge, peopleEdge, readiness, metrics, logger } = wiring;
    const wired: Provider[] = [
      { provide: DEPS, useValue: deps },
      { provide: DEVICE_EDGE, useValue: deviceEdge },
      { provide: PEOPLE_EDGE, useValue: peopleEdge },
      { provide: ADMIN_EDGE, useValue: wiring.adminEdge },
      { provide: EVIDENCE_EDGE, useValue: wiring.evidence },
      { provide: READINESS, useValue: readiness },
      { provide: METRICS, useValue: metrics },
      { provide: APP_INTERCEPTOR, useClass: PositionInterceptor },
    ];
    return {
      module: AppModule,
      imports: [requestLog(logger), CqrsModule.forRoot()],
      controllers: [HealthController, MetricsController, ...audiences.flatMap(({ controllers }) => controllers)],
      providers: [...wired, ...audiences.flatMap(({ handlers }) => handlers)],
    };
  }
}
