import { AuthController, authHandlers } from './auth.controller.ts';
import { ErasureStatusController, erasureStatusHandlers } from './erasure-status.controller.ts';
import { LinkProofController, linkProofHandlers } from './link-proof.controller.ts';

/** How people and services sign in, and what people reach without being members any more. */
export const peopleApi = {
  controllers: [AuthController, LinkProofController, ErasureStatusController],
  handlers: [...authHandlers, ...linkProofHandlers, ...erasureStatusHandlers],
};
