import { IsOptional, Matches } from 'class-validator';
import { REASON } from '../admin/bodies.ts';

const SIZE = /^\d{1,15}$/;
const STREAM = /^[a-zA-Z]{1,20}-[a-z0-9]{1,64}$/;
const EVENT = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/;

export class ConsistencyQuery {
  /** Size of the earlier tree; decimal. */
  @Matches(SIZE)
  first!: string;

  /** Size of the later tree. */
  @Matches(SIZE)
  second!: string;
}

export class ProofQuery {
  @Matches(STREAM)
  stream!: string;

  /** Of the event. */
  @Matches(EVENT)
  id!: string;
}

/** Either a stream, or a span of positions. */
export class BundleQuery {
  @IsOptional()
  @Matches(STREAM)
  stream?: string;

  /** Position of the ledger, decimal; inclusive. */
  @IsOptional()
  @Matches(/^\d{1,18}$/)
  from?: string;

  /** Inclusive. */
  @IsOptional()
  @Matches(/^\d{1,18}$/)
  to?: string;

  /** Why, for a member's own stream: that is a look. */
  @IsOptional()
  @Matches(REASON)
  reason?: string;
}
