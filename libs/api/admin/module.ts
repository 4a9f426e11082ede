import { CaseController, caseHandlers } from './case.controller.ts';
import { ErasureController, erasureHandlers } from './erasure.controller.ts';
import { OneIdAdminController, oneIdAdminHandlers } from './one-id.controller.ts';
import { OperationController, operationHandlers } from './operation.controller.ts';
import { PartyController, partyHandlers } from './party.controller.ts';
import { PrincipalController, principalHandlers } from './principal.controller.ts';
import { SubscriberController, subscriberHandlers } from './subscriber.controller.ts';

/** What admins call. Needs ADMIN_EDGE. */
export const adminApi = {
  controllers: [
    PrincipalController,
    PartyController,
    OneIdAdminController,
    CaseController,
    ErasureController,
    SubscriberController,
    OperationController,
  ],
  handlers: [
    ...principalHandlers,
    ...partyHandlers,
    ...oneIdAdminHandlers,
    ...caseHandlers,
    ...erasureHandlers,
    ...subscriberHandlers,
    ...operationHandlers,
  ],
};
