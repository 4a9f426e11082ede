import { MerchantController, merchantHandlers } from './merchant.controller.ts';
import { MerchantPaymentController, merchantPaymentHandlers } from './payment.controller.ts';

/** What merchants and other third parties call. */
export const merchantApi = {
  controllers: [MerchantController, MerchantPaymentController],
  handlers: [...merchantHandlers, ...merchantPaymentHandlers],
};
