/** The door to the generated messages for other libs: `#libs/*` names TypeScript files, and these are not. */
export { DeviceKind, DeviceSchema, DeviceStatus } from './generated/palmledger/topics/v1/device_pb.js';
export { ErasureChange, ErasureReason, ErasureSchema } from './generated/palmledger/topics/v1/erasure_pb.js';
export { MerchantSchema } from './generated/palmledger/topics/v1/merchant_pb.js';
export { OneIdSchema } from './generated/palmledger/topics/v1/one_id_pb.js';
export { OneIdChangedSchema } from './generated/palmledger/topics/v1/one_id_changed_pb.js';
export { PurchaseSchema, PurchaseStatus } from './generated/palmledger/topics/v1/purchase_pb.js';
export type { SealedMember } from './generated/palmledger/topics/v1/sealed_member_pb.js';
export { VisitChange, VisitSchema, type Visit } from './generated/palmledger/topics/v1/visit_pb.js';
