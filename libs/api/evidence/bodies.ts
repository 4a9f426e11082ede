import { Matches } from 'class-validator';

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
