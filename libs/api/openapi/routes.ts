import type { INestApplication, Type } from '@nestjs/common';
import { ModulesContainer } from '@nestjs/core';
import { GUARDS_METADATA, HTTP_CODE_METADATA, ROUTE_ARGS_METADATA } from '@nestjs/common/constants.js';
import { DeviceGuard } from '../device/device-guard.ts';
import { writeOf } from '../http/write.ts';
import { BearerGuard, neededBy } from '../people/bearer-guard.ts';
import { rights, type Action } from '#libs/identity/rights.ts';

/** What a controller's method demands of who calls it. */
export interface Route {
  readonly caller: 'device' | 'person' | 'anybody';
  /** The roles that may, by the table of rights; empty where the table does not say. */
  readonly roles: readonly string[];
  readonly idempotent: boolean;
  readonly status: number | undefined;
}

/** Every method of every controller of the app, by `Controller_method`. */
export function routesOf(app: INestApplication): ReadonlyMap<string, Route> {
  const routes = new Map<string, Route>();
  for (const module of app.get(ModulesContainer).values())
    for (const { metatype } of module.controllers.values()) addRoutes(routes, metatype as Type);
  return routes;
}

function addRoutes(routes: Map<string, Route>, controller: Type): void {
  const methods = controller.prototype as Record<string, object>;
  for (const name of Object.getOwnPropertyNames(methods)) {
    if (name === 'constructor') continue;
    routes.set(`${controller.name}_${name}`, routeOf(controller, methods[name]!, name));
  }
}

function routeOf(controller: Type, method: object, name: string): Route {
  const guards = [...guardsOf(controller), ...guardsOf(method)];
  const action = neededBy(method, controller);
  const row = rights[action as Action] as Readonly<Record<string, unknown>> | undefined;
  const parameters = Object.values(
    (Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, name) ?? {}) as Record<string, { factory?: unknown }>,
  );
  return {
    caller: guards.includes(DeviceGuard) ? 'device' : guards.includes(BearerGuard) ? 'person' : 'anybody',
    roles: row === undefined ? [] : Object.keys(row),
    idempotent: parameters.some(({ factory }) => factory === writeOf),
    status: Reflect.getMetadata(HTTP_CODE_METADATA, method) as number | undefined,
  };
}

function guardsOf(target: object): readonly unknown[] {
  return (Reflect.getMetadata(GUARDS_METADATA, target) ?? []) as readonly unknown[];
}
