import { ActivationController, activationHandlers } from './activation.controller.ts';
import { checkHandlers, DeviceCheckController } from './check.controller.ts';
import { EnrolmentController, enrolmentHandlers } from './enrolment.controller.ts';
import { IdentificationController, identificationHandlers } from './identification.controller.ts';
import { MemberAtDeviceController, memberAtDeviceHandlers } from './member.controller.ts';
import { DevicePaymentController, paymentHandlers } from './payment.controller.ts';
import { DeviceVisitController, visitHandlers } from './visit.controller.ts';

/** What devices call. */
export const deviceApi = {
  controllers: [
    ActivationController,
    EnrolmentController,
    IdentificationController,
    DevicePaymentController,
    DeviceVisitController,
    DeviceCheckController,
    MemberAtDeviceController,
  ],
  handlers: [
    ...activationHandlers,
    ...enrolmentHandlers,
    ...identificationHandlers,
    ...paymentHandlers,
    ...visitHandlers,
    ...checkHandlers,
    ...memberAtDeviceHandlers,
  ],
};
